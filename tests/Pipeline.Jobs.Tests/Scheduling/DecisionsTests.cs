using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Tests.Scheduling;

/// <summary>The table of decisions, line by line.</summary>
public sealed class DecisionsTests
{
    [Fact]
    public void A_new_job_is_planned() =>
        Expect(new() { State = JobState.Planning }, new JobAction.EnqueuePlan());

    [Fact]
    public void A_job_being_planned_waits() =>
        Expect(new() { State = JobState.Planning, Control = new(TicketFate.Queued) });

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
    public void A_job_whose_shards_are_under_way_waits() =>
        Expect(InProgress(Shard(0, TicketFate.Queued), Shard(1, TicketFate.Processing, running: true), Shard(2, TicketFate.Retrying)));

    [Fact]
    public void A_shard_that_cannot_succeed_fails_the_job_with_its_error() =>
        Expect(
            InProgress(Shard(1, TicketFate.Queued), new(2, false, new(TicketFate.Failed, "No space left."))),
            new JobAction.MoveTo(JobState.Failed, "Shard 2 failed: No space left."),
            new JobAction.DeleteTickets());

    [Fact]
    public void A_job_whose_shards_are_all_committed_is_finalized_even_if_its_time_is_up() =>
        Expect(InProgress() with { AllCommitted = true, GiveUp = "The deadline passed.", PauseRequested = true }, new JobAction.MoveTo(JobState.Finalizing));

    [Fact]
    public void A_job_that_its_schedule_gives_up_fails_with_the_reason()
    {
        JobAction[] stop = [new JobAction.MoveTo(JobState.Failed, "Too many failures."), new JobAction.DeleteTickets()];
        Expect(InProgress(Shard(0, TicketFate.Processing, running: true)) with { GiveUp = "Too many failures." }, stop);
        Expect(Paused() with { GiveUp = "Too many failures." }, stop);
        Expect(new() { State = JobState.Planning, GiveUp = "Too many failures.", Control = new(TicketFate.Processing) }, stop);
    }

    [Fact]
    public void Pause_takes_back_what_no_worker_has_begun() => Expect(
        InProgress(Shard(0, TicketFate.Queued)) with { PauseRequested = true },
        new JobAction.MoveTo(JobState.Paused), new JobAction.Withdraw());

    [Fact]
    public void A_paused_job_lets_running_shards_end() => Expect(Paused(Shard(0, TicketFate.Processing, running: true)));

    [Fact]
    public void A_paused_job_takes_back_a_shard_that_would_be_tried_again() => Expect(Paused(Shard(0, TicketFate.Retrying)), new JobAction.Withdraw());

    [Fact]
    public void A_paused_job_whose_last_shard_was_committed_waits_for_the_word() => Expect(Paused() with { AllCommitted = true });

    [Fact]
    public void A_resumed_job_goes_on() => Expect(Paused() with { PauseRequested = false }, new JobAction.MoveTo(JobState.InProgress));

    [Fact]
    public void A_paused_job_can_be_cancelled() =>
        Expect(Paused() with { CancelRequested = true }, new JobAction.MoveTo(JobState.Cancelling), new JobAction.DeleteTickets());

    [Fact]
    public void A_job_that_is_planned_pauses_after_that() =>
        Expect(new() { State = JobState.Planning, PauseRequested = true, Planned = true }, new JobAction.MoveTo(JobState.InProgress));

    [Fact]
    public void A_finalizing_job_gets_its_finalizer_once() =>
        Expect(new() { State = JobState.Finalizing }, new JobAction.EnqueueFinalize());

    [Fact]
    public void A_job_being_finalized_waits() =>
        Expect(new() { State = JobState.Finalizing, Control = new(TicketFate.Queued) });

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
        Expect(new() { State = JobState.Planning, CancelRequested = true, Control = new(TicketFate.Queued) }, stop);
        Expect(InProgress(Shard(0, TicketFate.Queued)) with { CancelRequested = true }, stop);
    }

    [Fact]
    public void Cancel_comes_too_late_for_a_finalizing_job() =>
        Expect(
            new() { State = JobState.Finalizing, CancelRequested = true, Outcome = new(10, 0) },
            new JobAction.MoveTo(JobState.Completed));

    [Fact]
    public void A_cancelling_job_deletes_what_is_still_enqueued() =>
        Expect(Cancelling(Shard(0, TicketFate.Queued), Shard(1)), new JobAction.DeleteTickets());

    [Fact]
    public void A_cancelling_job_waits_for_running_shards() =>
        Expect(Cancelling(Shard(0, TicketFate.None, running: true)));

    [Fact]
    public void A_cancelling_job_where_nothing_runs_is_cancelled() =>
        Expect(Cancelling(Shard(0)), new JobAction.MoveTo(JobState.Cancelled));

    [Fact]
    public void A_terminal_job_is_left_alone()
    {
        foreach (var state in Enum.GetValues<JobState>().Where(state => state.IsTerminal()))
        {
            Expect(new() { State = state, CancelRequested = true, Shards = [Shard(0)] });
        }
    }

    private static void Expect(JobSnapshot job, params JobAction[] actions) => Assert.Equal(actions, Decisions.Decide(job));

    private static JobSnapshot InProgress(params ShardSnapshot[] shards) =>
        new() { State = JobState.InProgress, Planned = true, Shards = shards };

    private static JobSnapshot Paused(params ShardSnapshot[] shards) =>
        new() { State = JobState.Paused, Planned = true, PauseRequested = true, Shards = shards };

    private static JobSnapshot Cancelling(params ShardSnapshot[] shards) =>
        new() { State = JobState.Cancelling, Planned = true, CancelRequested = true, Shards = shards };

    private static ShardSnapshot Shard(int index, TicketFate fate = TicketFate.None, bool running = false) =>
        new(index, running, new(fate));
}
