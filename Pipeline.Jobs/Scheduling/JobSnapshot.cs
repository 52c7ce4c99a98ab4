using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Everything that the next step of one job is decided on.</summary>
internal sealed record JobSnapshot
{
    public required JobState State { get; init; }
    public bool CancelRequested { get; init; }

    /// <summary>The plan is committed and its shards are registered.</summary>
    public bool Planned { get; init; }

    public JobOutcome? Outcome { get; init; }

    /// <summary>The planning or finalizing job of the present state.</summary>
    public Ticket Control { get; init; }

    /// <summary>In order; empty until planned.</summary>
    public IReadOnlyList<ShardSnapshot> Shards { get; init; } = [];
}

/// <summary>What the next step needs to know of one shard.</summary>
/// <param name="Index">0-based.</param>
/// <param name="Committed">Its rows are in the dataset.</param>
/// <param name="Running">Somebody works on it: phase running and a fresh heartbeat.</param>
/// <param name="Ticket">The Hangfire job enqueued for it last.</param>
internal readonly record struct ShardSnapshot(int Index, bool Committed, bool Running, Ticket Ticket);

/// <summary>What became of a Hangfire job.</summary>
/// <param name="Fate">Where it stands.</param>
/// <param name="Error">Of a failed one, its last error.</param>
internal readonly record struct Ticket(TicketFate Fate, string? Error = null);

internal enum TicketFate
{
    /// <summary>There is none: never enqueued, deleted, or lost with the storage.</summary>
    None,

    /// <summary>Enqueued, being processed, or waiting for its next try.</summary>
    Alive,

    /// <summary>It ended without an error.</summary>
    Succeeded,

    /// <summary>Its error was permanent, or its tries are used up.</summary>
    Failed,
}

/// <summary>One thing to do for a job.</summary>
internal abstract record JobAction
{
    private JobAction()
    {
    }

    public sealed record EnqueuePlan : JobAction;

    public sealed record EnqueueShard(int Shard) : JobAction;

    public sealed record EnqueueFinalize : JobAction;

    /// <summary>Deletes the job's Hangfire jobs that are alive, which also stops those being processed.</summary>
    public sealed record DeleteTickets : JobAction;

    public sealed record MoveTo(JobState State, string? Error = null) : JobAction;
}
