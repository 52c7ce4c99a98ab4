using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Scheduling;

/// <summary>The next step of one job, as a pure function of what is seen: whatever died or got lost, the next look mends it.</summary>
internal static class Decisions
{
    /// <summary>The actions to take now, in order. None means wait.</summary>
    /// <param name="job">What was seen of the job.</param>
    /// <param name="window">Most shards that may be enqueued or running at a time.</param>
    public static IReadOnlyList<JobAction> Decide(JobSnapshot job, int window) => job.State switch
    {
        JobState.Planning or JobState.InProgress when job.CancelRequested =>
            [new JobAction.MoveTo(JobState.Cancelling), new JobAction.DeleteTickets()],
        JobState.Planning => DecidePlanning(job),
        JobState.InProgress => DecideInProgress(job, window),
        JobState.Finalizing => DecideFinalizing(job),
        JobState.Cancelling => DecideCancelling(job),
        _ => [],
    };

    private static IReadOnlyList<JobAction> DecidePlanning(JobSnapshot job) => job switch
    {
        { Planned: true } => [new JobAction.MoveTo(JobState.InProgress)],
        { Control.Fate: TicketFate.Alive } => [],
        { Control.Fate: TicketFate.Failed } => Fail(job.Control, "Planning failed"),
        _ => [new JobAction.EnqueuePlan()],
    };

    private static IReadOnlyList<JobAction> DecideInProgress(JobSnapshot job, int window)
    {
        if (job.Shards.All(shard => shard.Committed))
        {
            return [new JobAction.MoveTo(JobState.Finalizing)];
        }

        var open = job.Shards.Where(shard => !shard.Committed).ToList();
        var failed = open.FindIndex(shard => shard.Ticket.Fate is TicketFate.Failed);
        if (failed >= 0)
        {
            return Fail(open[failed].Ticket, $"Shard {open[failed].Index} failed");
        }

        // A running shard without a living ticket is being stopped, by a person or an earlier run: it keeps its place in the
        // window until it stops or its heartbeat ends, and is enqueued again then.
        var taken = open.Count(IsTaken);
        return [.. open
            .Where(shard => !IsTaken(shard))
            .Take(Math.Max(0, window - taken))
            .Select(shard => new JobAction.EnqueueShard(shard.Index))];
    }

    private static IReadOnlyList<JobAction> DecideFinalizing(JobSnapshot job) => job switch
    {
        { Outcome: { FailedRows: 0 } } => [new JobAction.MoveTo(JobState.Completed)],
        { Outcome: not null } => [new JobAction.MoveTo(JobState.CompletedWithErrors)],
        { Control.Fate: TicketFate.Alive } => [],
        { Control.Fate: TicketFate.Failed } => Fail(job.Control, "Finalizing failed"),
        _ => [new JobAction.EnqueueFinalize()],
    };

    private static IReadOnlyList<JobAction> DecideCancelling(JobSnapshot job)
    {
        if (job.Control.Fate is TicketFate.Alive || job.Shards.Any(shard => shard.Ticket.Fate is TicketFate.Alive))
        {
            return [new JobAction.DeleteTickets()];
        }

        return job.Shards.Any(shard => shard.Running) ? [] : [new JobAction.MoveTo(JobState.Cancelled)];
    }

    private static bool IsTaken(ShardSnapshot shard) => shard.Running || shard.Ticket.Fate is TicketFate.Alive;

    private static IReadOnlyList<JobAction> Fail(Ticket ticket, string what) =>
    [
        new JobAction.MoveTo(JobState.Failed, $"{what}: {ticket.Error ?? "no reason is known"}"),
        new JobAction.DeleteTickets(),
    ];
}
