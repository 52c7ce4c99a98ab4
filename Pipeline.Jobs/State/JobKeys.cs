namespace Pipeline.Jobs.State;

/// <summary>Names of everything that is kept in Hangfire's storage.</summary>
internal static class JobKeys
{
    /// <summary>Set of all job ids, oldest first.</summary>
    public const string All = "pipeline:jobs";

    /// <summary>Set of the ids of jobs that are not in a terminal state: what the reconciler looks at.</summary>
    public const string Active = "pipeline:active";

    /// <summary>Hash of one job; <see cref="JobFields"/> names its fields.</summary>
    public static string Job(string jobId) => $"pipeline:job:{jobId}";

    /// <summary>Hash from shard index to the JSON of its <see cref="ShardStatus"/>; written by whoever plans or runs the shard.</summary>
    public static string Shards(string jobId) => $"pipeline:job:{jobId}:shards";

    /// <summary>Hash from shard index to the Hangfire job enqueued for it last; written by the reconciler alone.</summary>
    public static string Tickets(string jobId) => $"pipeline:job:{jobId}:queue";

    /// <summary>Distributed lock around every change of a job's state.</summary>
    public static string Lock(string jobId) => $"pipeline:job:{jobId}";
}
