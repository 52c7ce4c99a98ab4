using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Pipeline.Worker.Hosting;

/// <summary>Limits of one worker process: the configuration section <c>Worker</c>.</summary>
public sealed class WorkerOptions
{
    public const string Section = "Worker";

    /// <summary>Shards annotated at a time: 1 to 64, default 2. One alone leaves the model idle while it commits. One more may run for an urgent job.</summary>
    [Range(1, 64)]
    public int ConcurrentShards { get; set; } = 2;

    /// <summary>Images of a shard that are read ahead: 1 to 256, default 8.</summary>
    [Range(1, 256)]
    public int ReadAhead { get; set; } = 8;

    /// <summary>Images of a shard that are decoded ahead: 1 to 64, default 2. A decoded image can take hundreds of megabytes for a moment.</summary>
    [Range(1, 64)]
    public int DecodeAhead { get; set; } = 2;

    /// <summary>
    /// Images of a shard that are at the model at a time: 1 to 1,024, default 40. Each holds up to 14 MB. More than the engine's
    /// <c>MaxNumSeqs</c> (32), so that one shard alone fills its batches while the next images are encoded.
    /// </summary>
    [Range(1, 1_024)]
    public int AnswerAhead { get; set; } = 40;

    /// <summary>Images decoded at a time in the whole process: 1 to 256, default the number of cores.</summary>
    [Range(1, 256)]
    public int DecodeThreads { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 256);

    /// <summary>Longest image file that is read, in bytes: 1 KiB to 2 GB, default 256 MiB.</summary>
    [Range(1L << 10, 2_000_000_000L)]
    public long MaxImageBytes { get; set; } = 256L << 20;

    /// <summary>
    /// How long a shard waits for a store that is down or full before it fails and is tried again, in seconds: 0 to 86,400, default 600. While it waits, the rows
    /// that it has made are kept.
    /// </summary>
    [Range(0, 86_400)]
    public int StorePatienceSeconds { get; set; } = 600;

    /// <summary>Folder for the files of shards that are being written, made if it is not there: default the system's temporary folder.</summary>
    public string? StagingFolder { get; set; }
}

[OptionsValidator]
internal sealed partial class WorkerOptionsValidator : IValidateOptions<WorkerOptions>;
