using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Tests.Scheduling;

/// <summary>The table of decisions, line by line.</summary>
public sealed class DecisionsTests
{
    private const int Window = 3;

    [Fact]
    public void A_new_job_is_planned() =>
        Expect(new() { State = JobState.Planning }, new JobAction.EnqueuePlan());

    [Fact]
    public void A_job_being_planned_waits() =>
        Expect(new() { State = JobState.Planning, Control = new(TicketFate.Alive) });

    [Fact]
    public void A_planning_job_that_ended_without_a_plan_is_enqueued_again() =>
        Expect(new() { State = JobState.Planning, Control = new(TicketFate.Succeeded) }, new JobAction.EnqueuePlan());

    [Fact]
    public void A_planned_job_starts_whatever_became_of_its_planning_job()
    {
        foreach (var fate in Enum.GetValues<TicketFate>())
        {
            Expect(
                new() { State = JobState.Planning, Planned = true, Control = new(fate) },
                new JobAction.MoveTo(JobState.InProgress));
        }
    }

    [Fact]
    public void Planning_that_cannot_succeed_fails_the_job_with_its_error() =>
        Expect(
            new() { State = JobState.Planning, Control = new(TicketFate.Failed, "The source is empty.") },
            new JobAction.MoveTo(JobState.Failed, "Planning failed: The source is empty."),
            new JobAction.DeleteTickets());

    [Fact]
    public void The_first_shards_fill_the_window() =>
        Expect(
            InProgress(Shard(0), Shard(1), Shard(2), Shard(3), Shard(4)),
            new JobAction.EnqueueShard(0), new JobAction.EnqueueShard(1), new JobAction.EnqueueShard(2));

    [Fact]
    public void A_commit_makes_room_for_the_next_shard() =>
        Expect(
            InProgress(Committed(0), Shard(1, TicketFate.Alive), Shard(2, TicketFate.Alive), Shard(3), Shard(4)),
            new JobAction.EnqueueShard(3));

    [Fact]
    public void A_full_window_waits() =>
        Expect(InProgress(Shard(0, TicketFate.Alive), Shard(1, TicketFate.Alive), Shard(2, TicketFate.Alive), Shard(3)));

    [Fact]
    public void A_shard_whose_job_was_deleted_or_ended_without_a_commit_is_enqueued_again() =>
        Expect(
            InProgress(Shard(0, TicketFate.None), Shard(1, TicketFate.Succeeded), Committed(2)),
            new JobAction.EnqueueShard(0), new JobAction.EnqueueShard(1));

    [Fact]
    public void A_shard_that_still_runs_without_a_job_keeps_its_place_until_it_stops() =>
        Expect(
            InProgress(Shard(0, TicketFate.None, running: true), Shard(1), Shard(2), Shard(3)),
            new JobAction.EnqueueShard(1), new JobAction.EnqueueShard(2));

    [Fact]
    public void A_shard_that_cannot_succeed_fails_the_job_with_its_error() =>
        Expect(
            InProgress(Committed(0), Shard(1, TicketFate.Alive), new(2, false, false, new(TicketFate.Failed, "No space left."))),
            new JobAction.MoveTo(JobState.Failed, "Shard 2 failed: No space left."),
            new JobAction.DeleteTickets());

    [Fact]
    public void A_shard_that_committed_and_whose_job_then_failed_is_committed() =>
        Expect(
            InProgress(new ShardSnapshot(0, true, false, new(TicketFate.Failed, "Lost the connection after the commit."))),
            new JobAction.MoveTo(JobState.Finalizing));

    [Fact]
    public void A_job_whose_shards_are_all_committed_is_finalized() =>
        Expect(InProgress(Committed(0), Committed(1)), new JobAction.MoveTo(JobState.Finalizing));

    [Fact]
    public void A_finalizing_job_gets_its_finalizer_once() =>
        Expect(new() { State = JobState.Finalizing }, new JobAction.EnqueueFinalize());

    [Fact]
    public void A_job_being_finalized_waits() =>
        Expect(new() { State = JobState.Finalizing, Control = new(TicketFate.Alive) });

    [Fact]
    public void Finalizing_that_cannot_succeed_fails_the_job() =>
        Expect(
            new() { State = JobState.Finalizing, Control = new(TicketFate.Failed) },
            new JobAction.MoveTo(JobState.Failed, "Finalizing failed: no reason is known"),
            new JobAction.DeleteTickets());

    [Fact]
    public void A_finished_dataset_without_failures_completes_the_job() =>
        Expect(new() { State = JobState.Finalizing, Outcome = new(10, 0) }, new JobAction.MoveTo(JobState.Completed));

    [Fact]
    public void A_finished_dataset_with_failures_completes_the_job_with_errors() =>
        Expect(new() { State = JobState.Finalizing, Outcome = new(10, 1) }, new JobAction.MoveTo(JobState.CompletedWithErrors));

    [Fact]
    public void Cancel_stops_planning_and_shards()
    {
        JobAction[] stop = [new JobAction.MoveTo(JobState.Cancelling), new JobAction.DeleteTickets()];
        Expect(new() { State = JobState.Planning, CancelRequested = true, Control = new(TicketFate.Alive) }, stop);
        Expect(InProgress(Shard(0, TicketFate.Alive)) with { CancelRequested = true }, stop);
    }

    [Fact]
    public void Cancel_comes_too_late_for_a_finalizing_job() =>
        Expect(
            new() { State = JobState.Finalizing, CancelRequested = true, Outcome = new(10, 0) },
            new JobAction.MoveTo(JobState.Completed));

    [Fact]
    public void A_cancelling_job_deletes_what_is_still_enqueued() =>
        Expect(Cancelling(Shard(0, TicketFate.Alive), Shard(1)), new JobAction.DeleteTickets());

    [Fact]
    public void A_cancelling_job_waits_for_running_shards() =>
        Expect(Cancelling(Shard(0, TicketFate.None, running: true)));

    [Fact]
    public void A_cancelling_job_where_nothing_runs_is_cancelled() =>
        Expect(Cancelling(Shard(0), Committed(1)), new JobAction.MoveTo(JobState.Cancelled));

    [Fact]
    public void A_terminal_job_is_left_alone()
    {
        foreach (var state in Enum.GetValues<JobState>().Where(state => state.IsTerminal()))
        {
            Expect(new() { State = state, CancelRequested = true, Shards = [Shard(0)] });
        }
    }

    private static void Expect(JobSnapshot job, params JobAction[] actions) => Assert.Equal(actions, Decisions.Decide(job, Window));

    private static JobSnapshot InProgress(params ShardSnapshot[] shards) =>
        new() { State = JobState.InProgress, Planned = true, Shards = shards };

    private static JobSnapshot Cancelling(params ShardSnapshot[] shards) =>
        new() { State = JobState.Cancelling, Planned = true, CancelRequested = true, Shards = shards };

    private static ShardSnapshot Shard(int index, TicketFate fate = TicketFate.None, bool running = false) =>
        new(index, false, running, new(fate));

    private static ShardSnapshot Committed(int index) => new(index, true, false, new(TicketFate.Succeeded));
}
