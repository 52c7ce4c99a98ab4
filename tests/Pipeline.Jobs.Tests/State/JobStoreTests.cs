using Hangfire;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Tests.Specs;

namespace Pipeline.Jobs.Tests.State;

/// <summary>The contract of the job store, on each storage.</summary>
public sealed class JobStoreTests(PostgresFixture postgres)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Theory, EachStorage]
    public async Task A_created_job_reads_back_as_it_was_submitted(StorageKind kind)
    {
        var (jobs, _) = await OpenAsync(kind);
        var spec = SpecSamples.Spec() with { Caption = "Što je na slici? \"'\u0001💡" };

        var started = jobs.Start("job-1", spec);

        Assert.Equal(StartKind.Created, started.Kind);
        var job = jobs.Find("job-1")!;
        Assert.Equal(JobSpecJson.Write(spec), JobSpecJson.Write(job.Spec));
        Assert.Equal((JobState.Planning, 1, false, null), (job.State, job.Run, job.CancelRequested, job.Error));
        Assert.Equal(_time.GetUtcNow(), job.CreatedAt);
        Assert.Equal(_time.GetUtcNow(), Assert.Single(job.EnteredAt).Value);
        Assert.Equal((null, null, null), (job.ImagesTotal, job.ShardsTotal, job.Outcome));
        Assert.Equal(["job-1"], jobs.ActiveIds());
    }

    [Theory, EachStorage]
    public async Task An_unknown_job_is_null(StorageKind kind)
    {
        var (jobs, shards) = await OpenAsync(kind);
        Assert.Null(jobs.Find("job-none"));
        Assert.Empty(shards.List("job-none"));
        Assert.Null(shards.Find("job-none", 0));
        Assert.Empty(jobs.List(0, 10).Jobs);
        Assert.True(jobs.ShouldStop("job-none"));
        Assert.False(new JobControl(jobs, _time).RequestCancel("job-none"));
    }

    [Theory, EachStorage]
    public async Task Starting_a_running_job_again_changes_nothing(StorageKind kind)
    {
        var (jobs, _) = await OpenAsync(kind);
        var first = jobs.Start("job-1", SpecSamples.Spec()).Job;
        _time.Advance(TimeSpan.FromMinutes(1));

        var again = jobs.Start("job-1", SpecSamples.Spec());

        Assert.Equal(StartKind.Unchanged, again.Kind);
        Assert.Equal(first.CreatedAt, again.Job.CreatedAt);
        Assert.Equal(1, again.Job.Run);
        Assert.Equal(1, jobs.List(0, 10).Total);
    }

    [Theory, EachStorage]
    public async Task Starting_a_completed_job_again_changes_nothing(StorageKind kind)
    {
        var (jobs, _) = await OpenAsync(kind);
        jobs.Start("job-1", SpecSamples.Spec());
        jobs.MoveTo("job-1", JobState.CompletedWithErrors, null);

        Assert.Equal(StartKind.Unchanged, jobs.Start("job-1", SpecSamples.Spec()).Kind);
        Assert.Empty(jobs.ActiveIds());
    }

    [Theory, EachStorage]
    public async Task A_failed_job_is_continued_from_planning_with_its_shards_known(StorageKind kind)
    {
        var (jobs, shards) = await OpenAsync(kind);
        var created = jobs.Start("job-1", SpecSamples.Spec()).Job.CreatedAt;
        jobs.SetControlTicket("job-1", "7");
        jobs.SetPlanned("job-1", () => [Shard(0, ShardPhase.Committed), Shard(1, ShardPhase.Failed)]);
        new JobControl(jobs, _time).RequestCancel("job-1");
        jobs.MoveTo("job-1", JobState.Failed, "Shard 1 failed: no space");
        Assert.Equal("Shard 1 failed: no space", jobs.Find("job-1")!.Error);
        _time.Advance(TimeSpan.FromHours(1));

        var again = jobs.Start("job-1", SpecSamples.Spec());

        Assert.Equal(StartKind.Continued, again.Kind);
        Assert.Equal((JobState.Planning, 2, null, false), (again.Job.State, again.Job.Run, again.Job.Error, again.Job.CancelRequested));
        Assert.Equal((null, null, null), (again.Job.ShardsTotal, again.Job.ControlTicket, again.Job.Outcome));
        Assert.Equal(created, again.Job.CreatedAt);
        Assert.Equal(["job-1"], jobs.ActiveIds());
        Assert.Equal(2, shards.List("job-1").Count);
    }

    [Theory, EachStorage]
    public async Task Every_state_leaves_the_time_it_was_entered(StorageKind kind)
    {
        var (jobs, _) = await OpenAsync(kind);
        jobs.Start("job-1", SpecSamples.Spec());
        foreach (var state in Enum.GetValues<JobState>().Skip(1))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            jobs.MoveTo("job-1", state, null);
            Assert.Equal(state, jobs.Find("job-1")!.State);
        }

        var job = jobs.Find("job-1")!;
        Assert.Equal(
            Enum.GetValues<JobState>().Select((state, second) => (state, job.CreatedAt.AddSeconds(second))),
            job.EnteredAt.OrderBy(entry => entry.Key).Select(entry => (entry.Key, entry.Value)));
    }

    [Theory, EachStorage]
    public async Task Jobs_are_listed_newest_first_in_pages_that_miss_none(StorageKind kind)
    {
        var (jobs, _) = await OpenAsync(kind);
        for (var index = 0; index < 7; index++)
        {
            jobs.Start($"job-{index}", SpecSamples.Spec());
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var seen = new List<string>();
        for (int? offset = 0; offset is not null;)
        {
            var page = jobs.List(offset.Value, 3);
            Assert.Equal(7, page.Total);
            Assert.InRange(page.Jobs.Count, 1, 3);
            seen.AddRange(page.Jobs.Select(job => job.Id));
            offset = page.NextOffset;
        }

        Assert.Equal(["job-6", "job-5", "job-4", "job-3", "job-2", "job-1", "job-0"], seen);
        Assert.Empty(jobs.List(7, 3).Jobs);
        Assert.Null(jobs.List(7, 3).NextOffset);
    }

    [Theory, EachStorage]
    public async Task Cancel_is_asked_for_once_and_only_of_a_job_that_can_stop(StorageKind kind)
    {
        var (jobs, _) = await OpenAsync(kind);
        var control = new JobControl(jobs, _time);
        jobs.Start("job-1", SpecSamples.Spec());
        Assert.False(jobs.ShouldStop("job-1"));

        Assert.True(control.RequestCancel("job-1"));
        Assert.True(control.RequestCancel("job-1"));
        Assert.True(jobs.ShouldStop("job-1"));
        Assert.True(jobs.Find("job-1")!.CancelRequested);

        jobs.Start("job-2", SpecSamples.Spec());
        jobs.MoveTo("job-2", JobState.Finalizing, null);
        Assert.False(control.RequestCancel("job-2"));
        jobs.MoveTo("job-2", JobState.Completed, null);
        Assert.False(control.RequestCancel("job-2"));
        Assert.True(jobs.ShouldStop("job-2"));
    }

    [Theory, EachStorage]
    public async Task Shards_read_back_in_order_and_the_last_write_stands(StorageKind kind)
    {
        var (_, shards) = await OpenAsync(kind);
        shards.Write("job-1", [.. Enumerable.Range(0, 12).Reverse().Select(index => Shard(index, ShardPhase.Pending))]);
        var status = Shard(11, ShardPhase.Running) with { Done = 5, FailedRows = 1, Attempt = 2, Worker = "w:1", Error = "cut" };
        shards.Write("job-1", status);

        Assert.Equal(Enumerable.Range(0, 12), shards.List("job-1").Select(shard => shard.Shard));
        Assert.Equal(status, shards.Find("job-1", 11));
        Assert.Equal(ShardPhase.Pending, shards.Find("job-1", 1)!.Phase);
        Assert.Null(shards.Find("job-1", 12));
        Assert.Empty(shards.List("job-2"));
    }

    [Theory, EachStorage]
    public async Task Plan_progress_and_outcome_read_back(StorageKind kind)
    {
        var (jobs, shards) = await OpenAsync(kind);
        jobs.Start("job-1", SpecSamples.Spec());
        jobs.SetPlanned("job-1", () => [Shard(0, ShardPhase.Committed) with { Done = 10, FailedRows = 2 }, Shard(1, ShardPhase.Pending), Shard(2, ShardPhase.Pending)]);
        Assert.Equal((10, 2, 1), (jobs.Find("job-1")!.Progress.ImagesCommitted, jobs.Find("job-1")!.Progress.FailedCommitted, jobs.Find("job-1")!.Progress.ShardsCommitted));
        jobs.SetPlanned("job-1", () => throw new InvalidOperationException("It is planned."));
        var progress = new JobProgress { ImagesDone = 9, ImagesFailed = 2, ShardsCommitted = 1, ShardsRunning = 1, Samples = [new(_time.GetUtcNow(), 9)] };
        jobs.SetProgress("job-1", progress);
        jobs.SetOutcome("job-1", new JobOutcome(9, 2));

        var job = jobs.Find("job-1")!;
        Assert.Equal((30, 3, 10), (job.ImagesTotal, job.ShardsTotal, job.ImagesDoneBefore));
        Assert.Equal(3, shards.List("job-1").Count);
        Assert.Equal(progress, job.Progress);
        Assert.Equal(new JobOutcome(9, 2), job.Outcome);
    }

    [Theory, EachStorage]
    public async Task Of_many_submissions_at_once_one_creates_the_job(StorageKind kind)
    {
        var (jobs, _) = await OpenAsync(kind);
        var started = await Task.WhenAll(Enumerable.Range(0, 6)
            .Select(_ => Task.Run(() => jobs.Start("job-1", SpecSamples.Spec()), TestContext.Current.CancellationToken)));

        Assert.Single(started, start => start.Kind is StartKind.Created);
        Assert.Equal(5, started.Count(start => start.Kind is StartKind.Unchanged));
        Assert.Equal(1, jobs.List(0, 10).Total);
    }

    [Theory, EachStorage]
    public async Task Shards_written_from_many_threads_are_all_kept(StorageKind kind)
    {
        var (_, shards) = await OpenAsync(kind);
        shards.Write("job-1", [.. Enumerable.Range(0, 8).Select(index => Shard(index, ShardPhase.Pending))]);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(
            () =>
            {
                for (var done = 1; done <= 10; done++)
                {
                    shards.Write("job-1", Shard(index, ShardPhase.Running) with { Done = done });
                }
            },
            TestContext.Current.CancellationToken)));

        Assert.All(shards.List("job-1"), shard => Assert.Equal((ShardPhase.Running, 10), (shard.Phase, shard.Done)));
    }

    [Theory, EachStorage]
    public async Task A_held_lock_is_passed_over_without_waiting(StorageKind kind)
    {
        var storage = await Storages.CreateAsync(kind, postgres);
        using var holder = storage.GetConnection();
        using var other = storage.GetConnection();
        var held = JobStore.TryLock(holder, "job-1");
        Assert.NotNull(held);

        Assert.Null(JobStore.TryLock(other, "job-1"));
        using (JobStore.TryLock(other, "job-2"))
        {
        }

        held.Dispose();
        using var free = JobStore.TryLock(other, "job-1");
        Assert.NotNull(free);
    }

    private ShardStatus Shard(int index, ShardPhase phase) =>
        new() { Shard = index, Phase = phase, Rows = 10, UpdatedAt = _time.GetUtcNow() };

    private async Task<(JobStore Jobs, ShardStore Shards)> OpenAsync(StorageKind kind)
    {
        JobStorage storage = await Storages.CreateAsync(kind, postgres);
        return (new JobStore(storage, _time), new ShardStore(storage));
    }
}
