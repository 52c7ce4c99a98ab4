namespace Pipeline.Jobs.State;

internal static class ShardStatuses
{
    /// <summary>True while somebody works on the shard: it says so, and its heartbeat is fresh.</summary>
    public static bool IsRunning(this ShardStatus status, DateTimeOffset now, TimeSpan heartbeatTimeout) =>
        status.Phase is ShardPhase.Running && now - status.UpdatedAt <= heartbeatTimeout;
}
