namespace Pipeline.Jobs.State;

/// <summary>The times that Hangfire's storage and its servers must agree on.</summary>
public static class StorageTimings
{
    /// <summary>
    /// 30 s: how long after a worker's death its Hangfire jobs are taken up by another. The timeout slides (a living
    /// worker renews it every 6 s), so it bounds the loss of a crash, not the length of a shard. A server's
    /// StopTimeout and ShutdownTimeout together must stay below it, or a draining worker's shard runs twice.
    /// </summary>
    public static readonly TimeSpan Invisibility = TimeSpan.FromSeconds(30);

    /// <summary>1 s: how soon an idle worker sees a new Hangfire job.</summary>
    public static readonly TimeSpan QueuePoll = TimeSpan.FromSeconds(1);

    /// <summary>5 s: the same where nothing is in a hurry, as webhooks of an API by itself; what a process enqueues itself it sees at once.</summary>
    public static readonly TimeSpan SeldomPoll = TimeSpan.FromSeconds(5);

    /// <summary>30 s: how long a lock outlives a process that died holding it; nothing here holds one for longer than a second.</summary>
    public static readonly TimeSpan LockExpiry = TimeSpan.FromSeconds(30);

    /// <summary>60 s: a running shard whose status is older than this is not running any more.</summary>
    public static readonly TimeSpan ShardHeartbeat = TimeSpan.FromSeconds(60);
}
