using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Scheduling;

/// <summary>How the reconciler feeds the workers.</summary>
public sealed record SchedulingOptions
{
    /// <summary>
    /// Shards of one job that are enqueued or running at a time: 1 to 1,000, default 16. Small, so that an interrupted shard
    /// never waits behind a whole backlog; at least twice the workers, so that none is idle.
    /// </summary>
    public int ShardWindow { get; init; } = 16;

    /// <summary>Pause between two looks at all active jobs: default 1 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A running shard whose status is older is taken for dead: default 60 s.</summary>
    public TimeSpan HeartbeatTimeout { get; init; } = StorageTimings.ShardHeartbeat;
}
