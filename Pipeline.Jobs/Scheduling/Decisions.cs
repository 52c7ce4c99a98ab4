using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Scheduling;

/// <summary>The next step of one job, as a pure function of what is seen: whatever died or got lost, the next look mends it. Which shards begin is for <see cref="FairShare"/>.</summary>
internal static class Decisions
{
    /// <summary>The actions to take now, in order. None means wait.</summary>
    public static IReadOnlyList<JobAction> Decide(JobSnapshot job) => job switch
    {
        { State: JobState.Planning or JobState.InProgress or JobState.Paused, CancelRequested: true } =>
            [new JobAction.MoveTo(JobState.Cancelling), new JobAction.DeleteTickets()],
        { State: JobState.InProgress, AllCommitted: true } => [new JobAction.MoveTo(JobState.Finalizing)],
        { State: JobState.Planning or JobState.InProgress or JobState.Paused, GiveUp: { } reason } =>
            [new JobAction.MoveTo(JobState.Failed, reason), new JobAction.DeleteTickets()],
        { State: JobState.Planning } => DecidePlanning(job),
        { State: JobState.InProgress or JobState.Paused } => DecideShards(job),
        { State: JobState.Finalizing } => DecideFinalizing(job),
        { State: JobState.Cancelling } => DecideCancelling(job),
        _ => [],
    };

    private static IReadOnlyList<JobAction> DecidePlanning(JobSnapshot job) => job switch
    {
        { Planned: true } => [new JobAction.MoveTo(JobState.InProgress)],
        { Control.IsAlive: true } => [],
        { Control.Fate: TicketFate.Failed } => Fail(job.Control, "Planning failed"),
        _ => [new JobAction.EnqueuePlan()],
    };

    private static IReadOnlyList<JobAction> DecideShards(JobSnapshot job)
    {
        if (job.Shards.FirstOrDefault(shard => shard.Ticket.Fate is TicketFate.Failed) is { Ticket.Fate: TicketFate.Failed } failed)
        {
            return Fail(failed.Ticket, $"Shard {failed.Index} failed");
        }

        return (job.State, job.PauseRequested) switch
        {
            (JobState.InProgress, true) => [new JobAction.MoveTo(JobState.Paused), new JobAction.Withdraw()],
            (JobState.Paused, false) => [new JobAction.MoveTo(JobState.InProgress)],
            (JobState.Paused, true) when job.Shards.Any(IsToBegin) => [new JobAction.Withdraw()],
            _ => [],
        };
    }

    private static IReadOnlyList<JobAction> DecideFinalizing(JobSnapshot job) => job switch
    {
        { Outcome: { FailedRows: 0 } } => [new JobAction.MoveTo(JobState.Completed)],
        { Outcome: not null } => [new JobAction.MoveTo(JobState.CompletedWithErrors)],
        { Control.IsAlive: true } => [],
        { Control.Fate: TicketFate.Failed } => Fail(job.Control, "Finalizing failed"),
        _ => [new JobAction.EnqueueFinalize()],
    };

    private static IReadOnlyList<JobAction> DecideCancelling(JobSnapshot job)
    {
        if (job.Control.IsAlive || job.Shards.Any(shard => shard.Ticket.IsAlive))
        {
            return [new JobAction.DeleteTickets()];
        }

        return job.Shards.Any(shard => shard.Running) ? [] : [new JobAction.MoveTo(JobState.Cancelled)];
    }

    /// <summary>A worker would begin it, or begin it again, if it were left in its queue.</summary>
    public static bool IsToBegin(ShardSnapshot shard) => shard.Ticket.Fate is TicketFate.Queued or TicketFate.Retrying;

    private static IReadOnlyList<JobAction> Fail(Ticket ticket, string what) =>
    [
        new JobAction.MoveTo(JobState.Failed, $"{what}: {ticket.Error ?? "no reason is known"}"),
        new JobAction.DeleteTickets(),
    ];
}
