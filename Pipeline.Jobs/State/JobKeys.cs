namespace Pipeline.Jobs.State;

/// <summary>Names of everything that is kept in Hangfire's storage.</summary>
internal static class JobKeys
{
    /// <summary>Set of all job ids, oldest first.</summary>
    public const string All = "pipeline:jobs";

    /// <summary>Set of the ids of jobs that are not in a terminal state: what the reconciler looks at.</summary>
    public const string Active = "pipeline:active";

    /// <summary>Set of the ids of one tenant's jobs, oldest first.</summary>
    public static string Of(string tenant) => $"pipeline:jobs:{tenant}";

    /// <summary>Set of the ids of one tenant's jobs that are not in a terminal state; also the name of the lock around what is counted of it.</summary>
    public static string ActiveOf(string tenant) => $"pipeline:active:{tenant}";

    /// <summary>Hash from a tenant to the JSON of its limits.</summary>
    public const string Tenants = "pipeline:tenants";

    /// <summary>Hash of one job; <see cref="JobFields"/> names its fields.</summary>
    public static string Job(string jobId) => $"pipeline:job:{jobId}";

    /// <summary>Hash from shard index to the JSON of its <see cref="ShardStatus"/>; written by whoever plans or runs the shard.</summary>
    public static string Shards(string jobId) => $"pipeline:job:{jobId}:shards";

    /// <summary>Set of the shards that wait for a place, by <see cref="ShardQueue"/>.</summary>
    public static string Waiting(string jobId) => $"pipeline:job:{jobId}:waiting";

    /// <summary>Set of the shards that have a Hangfire job, by <see cref="ShardQueue"/>.</summary>
    public static string Taken(string jobId) => $"pipeline:job:{jobId}:taken";

    /// <summary>Hash from the id of a change of the job's state to the webhook body that tells of it.</summary>
    public static string Events(string jobId) => $"pipeline:job:{jobId}:events";

    /// <summary>Hash from a webhook delivery's id to the JSON of it; also the name of the lock around its changes.</summary>
    public static string Deliveries(string jobId) => $"pipeline:job:{jobId}:deliveries";

    /// <summary>Set of the changes, "job/event", of which no deliveries were made yet; also the name of the lock of whoever makes them.</summary>
    public const string Outbox = "pipeline:outbox";

    /// <summary>Hash from a webhook endpoint's id to the JSON of it; also the name of the lock around its changes.</summary>
    public const string Webhooks = "pipeline:webhooks";

    /// <summary>Hash from an API key's id to the JSON of it; also the name of the lock around its changes.</summary>
    public const string Keys = "pipeline:keys";

    /// <summary>Hash from an API key's id to when it was used last.</summary>
    public const string KeysUsed = "pipeline:keys:used";

    /// <summary>Hash of what the feeder remembers about all jobs.</summary>
    public const string Feeder = "pipeline:feeder";

    /// <summary>Distributed lock of the reconciler that looks at all jobs.</summary>
    public const string Reconciler = "pipeline:reconciler";

    /// <summary>Distributed lock around every change of a job's state.</summary>
    public static string Lock(string jobId) => $"pipeline:job:{jobId}";
}
