namespace Pipeline.Jobs.Commit;

/// <summary><c>_pipeline/versions/NNNN.json</c>: a later version of a dataset is committed, and these of its shards were made again.</summary>
public sealed record DatasetVersion
{
    /// <summary>2 or more.</summary>
    public required int Version { get; init; }

    public required string JobId { get; init; }

    /// <summary>In order.</summary>
    public required IReadOnlyList<int> Shards { get; init; }

    public required DateTimeOffset CommittedAt { get; init; }
}
