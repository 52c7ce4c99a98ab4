using Pipeline.Jobs.Duplicates;
using Pipeline.Jobs.Sources;

namespace Pipeline.Jobs.Planning;

/// <summary>The immutable division of a source into shards; committed once as <c>_pipeline/plan.json</c>.</summary>
public sealed record JobPlan
{
    public required string JobId { get; init; }

    /// <summary>sha256 over the checkpoint's files: rows of one dataset all come from these exact weights.</summary>
    public required string ModelRevision { get; init; }

    public required long Rows { get; init; }

    /// <summary>In order; <c>Shards[i].Index == i</c>.</summary>
    public required IReadOnlyList<PlannedShard> Shards { get; init; }
}

/// <summary>One shard of a plan.</summary>
/// <param name="Index">0-based; also the number in the output file's name.</param>
/// <param name="Rows">Images in it.</param>
/// <param name="File">Key of its Parquet file of <see cref="PlannedImage"/> rows, relative to the output.</param>
/// <param name="Sha256">Of that file, lower-case hex.</param>
public sealed record PlannedShard(int Index, int Rows, string File, string Sha256);

/// <summary>One image of a plan: exactly one output row will carry its <see cref="Key"/>.</summary>
/// <param name="Key">Unique in the job: the object's key relative to the source, or the row's id.</param>
/// <param name="Uri">Full URI of the image; behind a '#' what it is of a file that holds many.</param>
/// <param name="Bytes">Size when listed; the mean of its row group if a Parquet file holds it; 0 where only named, unless the job embeds images.</param>
/// <param name="ETag">Version when listed; empty where only named.</param>
public sealed record PlannedImage(string Key, string Uri, long Bytes, string ETag)
{
    /// <summary>Where it lies if another file holds it.</summary>
    public PlannedPart? Part { get; init; }

    /// <summary>Why the source's row cannot be used; null for all others.</summary>
    public string? Fault { get; init; }

    /// <summary>Of which earlier image it is a duplicate; null if of none, or if the job does not look for them.</summary>
    public Duplicate? Duplicate { get; init; }

    /// <summary>JSON object of the row's columns that the prompts name; null if they name none.</summary>
    public string? Columns { get; init; }

    /// <summary>JSON list of the row's own questions; null if it has none.</summary>
    public string? Questions { get; init; }
}
