using Pipeline.Jobs.Statistics;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Commit;

/// <summary>The one commit of a shard, <c>_pipeline/commits/{index:d5}.json</c>: written with one conditional write, never changed.</summary>
public sealed record ShardCommit
{
    public required int Shard { get; init; }

    /// <summary>1 for the first try of the shard.</summary>
    public required int Attempt { get; init; }

    /// <summary>Machine and process that wrote it.</summary>
    public required string Worker { get; init; }

    /// <summary>Key of the staged file that this commit chose, relative to the output.</summary>
    public required string StagedFile { get; init; }

    /// <summary>Key where readers find the rows (<c>data/train-00000-of-00003.parquet</c>), relative to the output.</summary>
    public required string File { get; init; }

    public required int Rows { get; init; }
    public required int FailedRows { get; init; }
    public required long Bytes { get; init; }

    /// <summary>Of the file, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Of the file; null in commits of before 0.2.0.</summary>
    public ContentTags? Tags { get; init; }

    /// <summary>Of its rows; null in commits of before 0.2.0.</summary>
    public DatasetStatistics? Statistics { get; init; }

    public required DateTimeOffset CommittedAt { get; init; }
}
