using Pipeline.Jobs.Rows;

namespace Pipeline.Jobs.Commit;

/// <summary>What one try of a shard made.</summary>
public sealed record ShardAttempt
{
    public required int Shard { get; init; }

    /// <summary>Shards of the plan.</summary>
    public required int Shards { get; init; }

    /// <summary>1 for the first try of the shard.</summary>
    public required int Attempt { get; init; }

    /// <summary>Machine and process that made it.</summary>
    public required string Worker { get; init; }

    public required ShardFile File { get; init; }
}
