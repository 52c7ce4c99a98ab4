using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Pipeline.Model.Imaging;

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
    /// Images of a shard that are at the model at a time: 1 to 1,024. Each holds up to 14 MB. Default a quarter more than the engine's
    /// <c>MaxNumSeqs</c> (40 on a CPU, 80 on a graphics card), so that one shard alone fills its batches while the next images are encoded.
    /// </summary>
    [Range(1, 1_024)]
    public int? AnswerAhead { get; set; }

    /// <summary>Images decoded at a time, each by a process of its own: 1 to 256, default the number of cores.</summary>
    [Range(1, 256)]
    public int DecodeThreads { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 256);

    /// <summary>Longest image file that is read, in bytes: 1 KiB to 2 GB, default 256 MiB.</summary>
    [Range(1L << 10, 2_000_000_000L)]
    public long MaxImageBytes { get; set; } = 256L << 20;

    /// <summary>Most pixels of an image, width × height: 1 to 715,000,000, default 178,956,970, where Pillow refuses.</summary>
    [Range(1, 715_000_000)]
    public long MaxImagePixels { get; set; } = new ImageLimits().MaxPixels;

    /// <summary>Longest that an image may take to decode, in seconds: 1 to 3,600, default 60. The largest that are allowed take some 3.</summary>
    [Range(1, 3_600)]
    public int DecodeSeconds { get; set; } = 60;

    /// <summary>
    /// Most memory that a process takes to decode an image, in bytes, beside the file and its pixels: 64 MiB to 64 GiB, default 3 GiB. Most
    /// images take a few megabytes; a progressive JPEG of as many pixels as are allowed takes 1.1 GB, and an interlaced PNG of 16 bits 1.4 GB.
    /// </summary>
    [Range(64L << 20, 64L << 30)]
    public long DecoderMemory { get; set; } = 3L << 30;

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
