using Hangfire;
using Hangfire.Server;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Lists the source and commits the plan. Run by Hangfire; safe to run any number of times.</summary>
public interface IPlanJob
{
    [JobDisplayName("Plan job {0}")]
    [Queue(Queues.Control)]
    Task RunAsync(string jobId, CancellationToken cancellationToken);
}

/// <summary>Annotates one shard and commits it. Run by Hangfire; safe to run any number of times, also at once.</summary>
public interface IShardJob
{
    [JobDisplayName("Annotate shard {1} of job {0}")]
    Task RunAsync(string jobId, int shard, PerformContext? context, CancellationToken cancellationToken);
}

/// <summary>Writes the manifest and <c>_SUCCESS</c> once all shards are committed. Safe to run any number of times.</summary>
public interface IFinalizeJob
{
    [JobDisplayName("Finalize job {0}")]
    [Queue(Queues.Control)]
    Task RunAsync(string jobId, CancellationToken cancellationToken);
}

public static class Queues
{
    /// <summary>Planning and finalizing: short, needs no model.</summary>
    public const string Control = "control";

    /// <summary>Shards: needs the model.</summary>
    public const string Shards = "shards";

    /// <summary>Shards whose workers died. Its name stands before <see cref="Shards"/>: Hangfire's PostgreSQL storage takes queues in the order of their names.</summary>
    public const string Resumed = "resumed";

    /// <summary>First shards of urgent jobs, for workers that are kept free for them.</summary>
    public const string Express = "express";

    /// <summary>Deliveries of webhooks: needs no model.</summary>
    public const string Webhooks = "webhooks";
}
