using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Scheduling;

/// <summary>One job as the reconciler found it, for the feeder.</summary>
internal sealed record JobLook
{
    public required JobRecord Job { get; init; }
    public required long Waiting { get; init; }
    public required IReadOnlyList<ShardLook> Taken { get; init; }

    /// <summary>Whether it takes part in dividing the workers: not where it pauses, or has nothing but shards that fail.</summary>
    public bool IsWorkedOn => Job is { State: JobState.InProgress, PauseRequested: false, CancelRequested: false }
        && (Taken.Count == 0 ? Waiting > 0 : Taken.Any(shard => shard.Running || shard.Ticket.Fate is TicketFate.Queued or TicketFate.Processing));
}

/// <summary>A shard that has a place, with what became of its ticket and how far it says it got.</summary>
internal readonly record struct ShardLook(TakenShard Taken, Ticket Ticket, ShardStatus Status, bool Running)
{
    public bool IsCommitted => Status.Phase is ShardPhase.Committed;

    /// <summary>It needs a place anew: nothing will come of its ticket, and nobody works on it.</summary>
    public bool IsAdrift => !IsCommitted && !Running && Ticket.Fate is (TicketFate.None or TicketFate.Succeeded);

    /// <summary>Its worker has died. Hangfire would give its ticket to another only when no fresh one is left.</summary>
    public bool IsInterrupted(DateTimeOffset now, TimeSpan patience) =>
        Ticket.Fate is TicketFate.Processing && Status.Phase is ShardPhase.Running && now - Status.UpdatedAt > patience;
}
