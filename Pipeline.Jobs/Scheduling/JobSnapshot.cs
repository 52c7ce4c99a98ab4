using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Everything that the next step of one job is decided on.</summary>
internal sealed record JobSnapshot
{
    public required JobState State { get; init; }
    public bool CancelRequested { get; init; }
    public bool PauseRequested { get; init; }

    /// <summary>Why the job's schedule gives it up; null: it does not.</summary>
    public string? GiveUp { get; init; }

    /// <summary>The plan is committed and its shards are registered.</summary>
    public bool Planned { get; init; }

    /// <summary>All planned shards are in the dataset.</summary>
    public bool AllCommitted { get; init; }

    public JobOutcome? Outcome { get; init; }

    /// <summary>The planning or finalizing job of the present state.</summary>
    public Ticket Control { get; init; }

    /// <summary>Those that have a place and are not committed, in order.</summary>
    public IReadOnlyList<ShardSnapshot> Shards { get; init; } = [];
}

/// <summary>What the next step needs to know of one shard that has a place.</summary>
/// <param name="Index">0-based.</param>
/// <param name="Running">Somebody works on it: phase running and a fresh heartbeat.</param>
/// <param name="Ticket">The Hangfire job enqueued for it last.</param>
internal readonly record struct ShardSnapshot(int Index, bool Running, Ticket Ticket);

/// <summary>What became of a Hangfire job.</summary>
/// <param name="Fate">Where it stands.</param>
/// <param name="Error">Of a failed one, its last error.</param>
internal readonly record struct Ticket(TicketFate Fate, string? Error = null)
{
    /// <summary>Something will come of it without anybody's help.</summary>
    public bool IsAlive => Fate is TicketFate.Queued or TicketFate.Processing or TicketFate.Retrying;
}

internal enum TicketFate
{
    /// <summary>There is none: never enqueued, deleted, or lost with the storage.</summary>
    None,

    /// <summary>In its queue: no worker has taken it.</summary>
    Queued,

    /// <summary>A worker has taken it, and may have died since.</summary>
    Processing,

    /// <summary>It failed, and waits for its next try.</summary>
    Retrying,

    /// <summary>It ended without an error.</summary>
    Succeeded,

    /// <summary>Its error was permanent, or its tries are used up.</summary>
    Failed,
}
