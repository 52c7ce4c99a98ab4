using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Tests.Specs;
using Pipeline.Jobs.Tests.State;

namespace Pipeline.Jobs.Tests.Scheduling;

/// <summary>Priorities, limits, pause, deadlines and failure budgets of jobs on each storage.</summary>
public sealed class JobControlTests(PostgresFixture postgres)
{
    [Theory, EachStorage]
    public async Task A_small_urgent_job_is_next_behind_a_huge_one(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 40);
        await StartAsync(bench, Spec(bench, "huge"));
        for (var shard = 0; shard < 6; shard++)
        {
            await bench.RunShardAsync();
            bench.Reconcile();
        }

        var small = await StartAsync(bench, Spec(bench, "small", priority: 8));
        await bench.RunShardAsync();
        bench.Reconcile();

        Assert.Contains(small, bench.Enqueued(Queues.Shards).Select(ticket => (string)bench.Call(ticket).Args[0]));
    }

    [Theory, EachStorage]
    public async Task A_changed_priority_holds_from_the_next_shard_on(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 60, reserve: 1);
        var (first, second) = (await StartAsync(bench, Spec(bench, "first")), await StartAsync(bench, Spec(bench, "second")));
        await RunAsync(bench, 8);
        Assert.InRange(bench.Job(first).Progress.ShardsCommitted, 3, 5);
        var before = (First: bench.Job(first).Progress.ShardsCommitted, Second: bench.Job(second).Progress.ShardsCommitted);

        Assert.True(bench.Control.ChangeSchedule(second, schedule => schedule with { Priority = 7 }));
        await RunAsync(bench, 15);

        Assert.InRange(bench.Job(first).Progress.ShardsCommitted - before.First, 2, 4);
        Assert.InRange(bench.Job(second).Progress.ShardsCommitted - before.Second, 11, 13);
    }

    [Theory, EachStorage]
    public async Task A_job_has_no_more_shards_under_way_than_it_may(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 20, reserve: 8);
        await StartAsync(bench, Spec(bench, "out") with { Schedule = new ScheduleSpec { MaxConcurrentShards = 3 } });
        bench.Reconcile();
        Assert.Equal(3, bench.Enqueued(Queues.Shards).Count);
    }

    [Theory, EachStorage]
    public async Task An_interrupted_shard_is_taken_up_before_fresh_ones(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 20);
        var jobId = await StartAsync(bench, Spec(bench, "out"));
        var ticket = bench.Fetch();
        var shard = (int)bench.Call(ticket).Args[1];
        bench.Shards.Write(jobId, bench.Shards.Find(jobId, shard)! with { Phase = ShardPhase.Running, Attempt = 1, UpdatedAt = bench.Time.GetUtcNow() });
        bench.Reconcile();
        Assert.Empty(bench.Enqueued(Queues.Resumed));
        bench.Time.Advance(TimeSpan.FromSeconds(46));

        bench.Reconcile();
        bench.Reconcile();

        Assert.Equal(shard, bench.Call(Assert.Single(bench.Enqueued(Queues.Resumed))).Args[1]);
        Assert.Equal("Deleted", bench.StateOf(ticket));
        Assert.Equal(shard, bench.Call(bench.Fetch()).Args[1]);
    }

    [Theory, EachStorage]
    public async Task A_shard_that_was_handed_back_is_begun_before_fresh_ones(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 20, reserve: 1);
        var jobId = await StartAsync(bench, Spec(bench, "out"));
        var ticket = bench.Enqueued(Queues.Shards)[0];
        bench.Shards.Write(jobId, bench.Shards.Find(jobId, 0)! with { Attempt = 1 });
        bench.Delete(ticket);

        bench.Reconcile();

        Assert.Equal([0], Living(bench));
    }

    [Theory, EachStorage]
    public async Task A_paused_job_finishes_what_runs_begins_nothing_and_goes_on_when_resumed(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 8);
        var jobId = await StartAsync(bench, Spec(bench, "out"));
        var running = bench.Fetch();
        var shard = (int)bench.Call(running).Args[1];
        bench.Shards.Write(jobId, bench.Shards.Find(jobId, shard)! with { Phase = ShardPhase.Running, Attempt = 1, UpdatedAt = bench.Time.GetUtcNow() });

        Assert.True(bench.Control.RequestPause(jobId));
        bench.Reconcile();
        Assert.Equal(JobState.Paused, bench.Job(jobId).State);
        Assert.Empty(Living(bench));
        Assert.Equal("Processing", bench.StateOf(running));

        await bench.CommitAsync(jobId, shard);
        bench.Succeed(running);
        bench.Reconcile();
        bench.Reconcile();
        Assert.Equal((JobState.Paused, 1), (bench.Job(jobId).State, bench.Job(jobId).Progress.ShardsCommitted));
        Assert.Empty(Living(bench));
        Assert.Null(JobView.Of(bench.Job(jobId)).EtaSeconds);

        Assert.True(bench.Control.Resume(jobId));
        bench.Reconcile();
        Assert.Equal(2, Living(bench).Count());
        await bench.FinishAsync();
        Assert.Equal(JobState.Completed, bench.Job(jobId).State);
    }

    [Theory, EachStorage]
    public async Task A_job_whose_deadline_passes_fails_and_goes_on_with_a_later_one(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 8);
        var spec = Spec(bench, "out");
        var jobId = await StartAsync(bench, spec with { Schedule = new ScheduleSpec { Deadline = bench.Time.GetUtcNow().AddMinutes(5) } });
        await bench.RunShardAsync();
        bench.Reconcile();
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        bench.Reconcile();

        Assert.Equal(JobState.Failed, bench.Job(jobId).State);
        Assert.StartsWith("The deadline 2026-03-01T12:05:00Z passed with 2 of 8 images done", bench.Job(jobId).Error, StringComparison.Ordinal);
        Assert.Empty(Living(bench));

        await StartAsync(bench, spec with { Schedule = new ScheduleSpec { Deadline = bench.Time.GetUtcNow().AddMinutes(5) } });
        await bench.FinishAsync();
        Assert.Equal(JobState.Completed, bench.Job(jobId).State);
    }

    [Theory, EachStorage]
    public async Task A_job_that_spends_its_failure_budget_stops_with_the_reason(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 20);
        var jobId = await StartAsync(bench, Spec(bench, "out") with { Schedule = new ScheduleSpec { MaxFailedRows = 2 } });
        await bench.RunShardAsync(fails: _ => true);
        bench.Reconcile();
        Assert.Equal(JobState.InProgress, bench.Job(jobId).State);
        await bench.RunShardAsync(fails: _ => true);
        bench.Reconcile();

        Assert.Equal(JobState.Failed, bench.Job(jobId).State);
        Assert.StartsWith("4 rows are failures, and the failure budget is 2:", bench.Job(jobId).Error, StringComparison.Ordinal);
        Assert.Empty(Living(bench));
    }

    [Theory, EachStorage]
    public async Task A_schedule_that_was_not_given_again_stays_with_a_continued_job(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 4);
        var spec = Spec(bench, "out");
        var jobId = await bench.SubmitAsync(spec with { Schedule = new ScheduleSpec { Priority = 9 } });
        await bench.SubmitAsync(spec with { Schedule = new ScheduleSpec { Priority = 2 } });
        Assert.Equal(9, bench.Job(jobId).Schedule.Priority);
        bench.Control.RequestCancel(jobId);
        bench.Reconcile();
        bench.Reconcile();
        Assert.Equal(JobState.Cancelled, bench.Job(jobId).State);

        await bench.SubmitAsync(spec);
        Assert.Equal(9, bench.Job(jobId).Schedule.Priority);
        Assert.Null(bench.Job(jobId).Spec.Schedule);
    }

    [Theory, EachStorage]
    public async Task Shards_that_do_not_add_up_are_counted_anew(StorageKind kind)
    {
        var storage = await Storages.CreateAsync(kind, postgres);
        using var bench = new SchedulingBench(storage, new Workplace(images: 8));
        var jobId = await StartAsync(bench, Spec(bench, "out"));
        await bench.RunShardAsync();
        using (var connection = storage.GetConnection())
        using (var transaction = (Hangfire.Storage.JobStorageTransaction)connection.CreateWriteTransaction())
        {
            transaction.RemoveSet(JobKeys.Waiting(jobId));
            transaction.RemoveSet(JobKeys.Taken(jobId));
            transaction.Commit();
        }

        await bench.FinishAsync();

        Assert.Equal((JobState.Completed, 4), (bench.Job(jobId).State, bench.Job(jobId).Progress.ShardsCommitted));
    }

    [Theory, EachStorage]
    public async Task Failed_rows_of_a_finished_job_are_made_again_and_no_others(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 8);
        var spec = Spec(bench, "out");
        var retry = new FailedRowsRetry(bench.Place.Stores, bench.Jobs, bench.Quota);
        var jobId = await StartAsync(bench, spec);
        Assert.NotNull(await retry.TryStartAsync(jobId, TestContext.Current.CancellationToken));
        await bench.FinishAsync(fails: image => image.Key is "002.jpg" or "006.jpg");
        Assert.Equal((JobState.CompletedWithErrors, 2), (bench.Job(jobId).State, bench.Job(jobId).Outcome!.FailedRows));

        Assert.Null(await retry.TryStartAsync(jobId, TestContext.Current.CancellationToken));
        Assert.NotNull(await retry.TryStartAsync(jobId, TestContext.Current.CancellationToken));
        bench.Reconcile();
        await bench.RunControlAsync();
        bench.Reconcile();
        Assert.Equal([1, 3], Living(bench).Order());
        Assert.Equal((8, 4, 0), (bench.Job(jobId).ImagesTotal, JobView.Of(bench.Job(jobId)).Images.Done, JobView.Of(bench.Job(jobId)).Images.Failed));
        await bench.FinishAsync();

        Assert.Equal((JobState.Completed, 2, 2), (bench.Job(jobId).State, bench.Job(jobId).Run, bench.Job(jobId).Version));
        var proof = await new DatasetCheck(bench.Place.Stores.Open(spec.Output)).RunAsync(TestContext.Current.CancellationToken);
        Assert.Empty(proof.Faults);
        Assert.Equal((8, 0), (proof.Rows, proof.FailedRows));
        Assert.Contains("no failed rows", await retry.TryStartAsync(jobId, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory, EachStorage]
    public async Task A_retry_that_was_cancelled_leaves_the_dataset_and_goes_on_when_submitted_again(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 8);
        var spec = Spec(bench, "out");
        var jobId = await StartAsync(bench, spec);
        await bench.FinishAsync(fails: image => image.Key is "002.jpg" or "006.jpg");
        await new FailedRowsRetry(bench.Place.Stores, bench.Jobs, bench.Quota).TryStartAsync(jobId, TestContext.Current.CancellationToken);
        bench.Reconcile();
        await bench.RunControlAsync();
        bench.Reconcile();
        await bench.RunShardAsync();
        bench.Control.RequestCancel(jobId);
        bench.Reconcile();
        bench.Reconcile();
        Assert.Equal(JobState.Cancelled, bench.Job(jobId).State);
        var check = new DatasetCheck(bench.Place.Stores.Open(spec.Output));
        Assert.Empty((await check.RunAsync(TestContext.Current.CancellationToken)).Faults);

        await bench.SubmitAsync(spec);
        await bench.FinishAsync();

        Assert.Equal((JobState.Completed, 2), (bench.Job(jobId).State, bench.Job(jobId).Version));
        Assert.Empty((await check.RunAsync(TestContext.Current.CancellationToken)).Faults);
    }

    private async Task<SchedulingBench> CreateAsync(StorageKind kind, int images, int reserve = 2) =>
        new(await Storages.CreateAsync(kind, postgres), new Workplace(images), reserve);

    private static JobSpec Spec(SchedulingBench bench, string output, int? priority = null) => bench.Place.Spec with
    {
        Output = Path.Combine(bench.Place.Root, output),
        Schedule = priority is { } given ? new ScheduleSpec { Priority = given } : null,
    };

    private static async Task<string> StartAsync(SchedulingBench bench, JobSpec spec)
    {
        var jobId = await bench.SubmitAsync(spec);
        bench.Reconcile();
        await bench.RunControlAsync();
        bench.Reconcile();
        return jobId;
    }

    private static async Task RunAsync(SchedulingBench bench, int shards)
    {
        for (var shard = 0; shard < shards; shard++)
        {
            bench.Reconcile();
            await bench.RunShardAsync();
        }

        bench.Reconcile();
    }

    private static IEnumerable<int> Living(SchedulingBench bench) => bench.Enqueued(Queues.Shards)
        .Where(ticket => bench.StateOf(ticket) == "Enqueued")
        .Select(ticket => (int)bench.Call(ticket).Args[1]);
}
