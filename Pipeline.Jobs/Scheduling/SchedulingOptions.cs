using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Scheduling;

/// <summary>How the reconciler feeds the workers.</summary>
public sealed record SchedulingOptions
{
    /// <summary>
    /// Shards of all jobs that wait in Hangfire's queue besides those for idle workers, which bridge the time until the next look: 1 to 1,000, default 2, and an eighth of
    /// the workers if that is more. Small, so that an urgent job never waits behind a backlog.
    /// </summary>
    public int Reserve { get; init; } = 2;

    /// <summary>Pause between two looks at all active jobs: default 1 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A running shard whose status is older is given to another worker: default 45 s. More than <see cref="StorageTimings.Invisibility"/>, and far more than the
    /// clocks of the machines may differ by: a living worker writes every 10 s.
    /// </summary>
    public TimeSpan InterruptedAfter { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>A running shard whose status is older is taken for dead: default 60 s.</summary>
    public TimeSpan HeartbeatTimeout { get; init; } = StorageTimings.ShardHeartbeat;
}
