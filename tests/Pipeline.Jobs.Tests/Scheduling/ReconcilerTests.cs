using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tests.Specs;
using Pipeline.Jobs.Tests.State;

namespace Pipeline.Jobs.Tests.Scheduling;

/// <summary>Jobs moved from submission to their end on each storage, with what goes wrong on the way.</summary>
public sealed class ReconcilerTests(PostgresFixture postgres)
{
    [Theory, EachStorage]
    public async Task A_job_goes_from_submission_to_a_finished_dataset(StorageKind kind)
    {
        using var bench = await CreateAsync(kind);
        var jobId = await bench.SubmitAsync();
        Assert.Equal(JobState.Planning, bench.Job(jobId).State);

        bench.Reconcile();
        await bench.RunControlAsync();
        bench.Reconcile();
        Assert.Equal((JobState.InProgress, 5, 3), (bench.Job(jobId).State, (int)bench.Job(jobId).ImagesTotal!, (int)bench.Job(jobId).ShardsTotal!));

        bench.Reconcile();
        Assert.Equal(2, bench.Enqueued(Queues.Shards).Count);
        await bench.RunShardAsync();
        await bench.RunShardAsync();
        Assert.Empty(bench.Enqueued(Queues.Shards));
        bench.Reconcile();
        await bench.RunShardAsync(fails: image => image.Key == "002.jpg");
        bench.Reconcile();
        Assert.Equal(JobState.Finalizing, bench.Job(jobId).State);

        bench.Reconcile();
        await bench.RunControlAsync();
        bench.Reconcile();
        var view = JobView.Of(bench.Job(jobId));
        Assert.Equal(JobState.CompletedWithErrors, view.State);
        Assert.Equal((new ImageCounts(5, 5, 1), new ShardCounts(3, 3, 0)), (view.Images, view.Shards));
        Assert.Empty(bench.Jobs.ActiveIds());
        Assert.True(File.Exists(Path.Combine(bench.Place.Output, OutputLayout.Success)));
    }

    [Theory, EachStorage]
    public async Task Looking_again_enqueues_nothing_twice(StorageKind kind)
    {
        using var bench = await CreateAsync(kind);
        await bench.SubmitAsync();
        bench.Reconcile();
        bench.Reconcile();
        await bench.RunControlAsync();
        for (var look = 0; look < 4; look++)
        {
            bench.Reconcile();
        }

        Assert.Empty(bench.Enqueued(Queues.Control));
        Assert.Equal([0, 2], bench.Enqueued(Queues.Shards).Select(ticket => (int)bench.Call(ticket).Args[1]).Order());
    }

    [Theory, EachStorage]
    public async Task A_deleted_shard_job_is_enqueued_again(StorageKind kind)
    {
        using var bench = await CreateAsync(kind);
        await bench.StartAsync();
        var ticket = bench.Enqueued(Queues.Shards).Single(id => (int)bench.Call(id).Args[1] == 0);
        bench.Delete(ticket);

        bench.Reconcile();

        Assert.Equal([0, 2], Living(bench).Order());
    }

    [Theory, EachStorage]
    public async Task A_transient_error_is_tried_again_by_hangfire_and_the_job_goes_on(StorageKind kind)
    {
        using var bench = await CreateAsync(kind);
        var jobId = await bench.StartAsync();
        var ticket = bench.Enqueued(Queues.Shards)[0];
        bench.End(ticket, new ObjectStoreException(ObjectStoreFault.Unavailable, "s3://b", "The store does not answer."));

        bench.Reconcile();

        Assert.Equal("Scheduled", bench.StateOf(ticket));
        Assert.Equal(JobState.InProgress, bench.Job(jobId).State);
    }

    [Theory, EachStorage]
    public async Task A_permanent_error_fails_the_job_and_takes_back_its_other_shards(StorageKind kind)
    {
        using var bench = await CreateAsync(kind);
        var jobId = await bench.StartAsync();
        var (failing, other) = (bench.Enqueued(Queues.Shards)[0], bench.Enqueued(Queues.Shards)[1]);
        var shard = bench.Call(failing).Args[1];
        bench.End(failing, new PermanentJobException("The model changed since planning."));

        bench.Reconcile();

        Assert.Equal("Failed", bench.StateOf(failing));
        Assert.Equal((JobState.Failed, $"Shard {shard} failed: The model changed since planning."), (bench.Job(jobId).State, bench.Job(jobId).Error));
        Assert.Equal("Deleted", bench.StateOf(other));
        Assert.True(bench.Jobs.ShouldStop(jobId));
    }

    [Theory, EachStorage]
    public async Task A_failed_job_submitted_again_continues_without_its_committed_shards(StorageKind kind)
    {
        using var bench = await CreateAsync(kind);
        var jobId = await bench.StartAsync();
        await bench.RunShardAsync();
        bench.End(bench.Enqueued(Queues.Shards)[0], new PermanentJobException("No."));
        bench.Reconcile();
        Assert.Equal(JobState.Failed, bench.Job(jobId).State);

        var again = await bench.Submission.SubmitAsync(bench.Place.Spec, TestContext.Current.CancellationToken);
        Assert.Equal((StartKind.Continued, jobId, 2), (again.Kind, again.Job.Id, again.Job.Run));
        bench.Reconcile();
        await bench.RunControlAsync();
        bench.Reconcile();
        bench.Reconcile();

        Assert.Equal([1, 2], Living(bench).Order());
        Assert.Equal(2, bench.Job(jobId).ImagesDoneBefore);
        await bench.FinishAsync();
        Assert.Equal(JobState.Completed, bench.Job(jobId).State);
    }

    [Theory, EachStorage]
    public async Task A_job_that_the_storage_lost_continues_from_its_output(StorageKind kind)
    {
        using var before = await CreateAsync(kind);
        var jobId = await before.StartAsync();
        await before.RunShardAsync();

        using var after = new SchedulingBench(await Storages.CreateAsync(kind, postgres), before.Place);
        Assert.Null(after.Jobs.Find(jobId));
        Assert.Equal(jobId, await after.StartAsync());

        Assert.Equal([1, 2], Living(after).Order());
        await after.FinishAsync();
        Assert.Equal(JobState.Completed, after.Job(jobId).State);
    }

    [Theory, EachStorage]
    public async Task A_dataset_that_was_finished_before_the_storage_was_lost_completes_without_work(StorageKind kind)
    {
        using var before = await CreateAsync(kind);
        await before.StartAsync();
        await before.FinishAsync();
        var success = File.ReadAllText(Path.Combine(before.Place.Output, OutputLayout.Success));

        using var after = new SchedulingBench(await Storages.CreateAsync(kind, postgres), before.Place);
        var jobId = await after.SubmitAsync();
        for (var step = 0; step < 2; step++)
        {
            after.Reconcile();
            await after.RunControlAsync();
            after.Reconcile();
            after.Reconcile();
        }

        Assert.Equal(JobState.Completed, after.Job(jobId).State);
        Assert.Empty(after.Enqueued(Queues.Shards));
        Assert.Equal(success, File.ReadAllText(Path.Combine(before.Place.Output, OutputLayout.Success)));
    }

    [Theory, EachStorage]
    public async Task Cancel_waits_for_running_shards_and_then_the_job_can_continue(StorageKind kind)
    {
        using var bench = await CreateAsync(kind);
        var jobId = await bench.StartAsync();
        var running = bench.Shards.Find(jobId, 0)! with { Phase = ShardPhase.Running, UpdatedAt = bench.Time.GetUtcNow() };
        bench.Shards.Write(jobId, running);

        Assert.True(bench.Control.RequestCancel(jobId));
        bench.Reconcile();
        Assert.Equal(JobState.Cancelling, bench.Job(jobId).State);
        Assert.Empty(Living(bench));
        bench.Reconcile();
        Assert.Equal(JobState.Cancelling, bench.Job(jobId).State);

        bench.Shards.Write(jobId, running with { Phase = ShardPhase.Pending });
        bench.Reconcile();
        Assert.Equal(JobState.Cancelled, bench.Job(jobId).State);

        await bench.StartAsync();
        await bench.FinishAsync();
        Assert.Equal(JobState.Completed, bench.Job(jobId).State);
    }

    [Theory, EachStorage]
    public async Task Cancel_does_not_wait_for_a_worker_that_died(StorageKind kind)
    {
        using var bench = await CreateAsync(kind);
        var jobId = await bench.StartAsync();
        bench.Shards.Write(jobId, bench.Shards.Find(jobId, 0)! with { Phase = ShardPhase.Running, UpdatedAt = bench.Time.GetUtcNow() });
        bench.Control.RequestCancel(jobId);
        bench.Reconcile();
        bench.Time.Advance(TimeSpan.FromSeconds(60.5));

        bench.Reconcile();

        Assert.Equal(JobState.Cancelled, bench.Job(jobId).State);
    }

    [Theory, EachStorage]
    public async Task Two_reconcilers_at_once_enqueue_every_shard_once(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 20, reserve: 10);
        await bench.SubmitAsync();
        bench.Reconcile();
        await bench.RunControlAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                for (var look = 0; look < 10; look++)
                {
                    bench.Reconcile();
                }
            },
            TestContext.Current.CancellationToken)));

        Assert.Equal(Enumerable.Range(0, 10), Living(bench).Order());
    }

    [Theory, EachStorage]
    public async Task A_job_that_cannot_be_read_does_not_hold_up_the_others(StorageKind kind)
    {
        var storage = await Storages.CreateAsync(kind, postgres);
        using var bench = new SchedulingBench(storage, new Workplace());
        bench.Jobs.Start("job-0", SpecSamples.Spec());
        using (var connection = storage.GetConnection())
        {
            connection.SetRangeInHash(JobKeys.Job("job-0"), [new(JobFields.State, "of_a_later_version")]);
        }

        await bench.StartAsync();

        Assert.Equal([0, 1], Living(bench).Order());
    }

    private async Task<SchedulingBench> CreateAsync(StorageKind kind, int images = 5, int reserve = 2) =>
        new(await Storages.CreateAsync(kind, postgres), new Workplace(images), reserve);

    /// <summary>Shards whose Hangfire job is still to be run. A deleted one may lie in its queue until a worker passes it over.</summary>
    private static IEnumerable<int> Living(SchedulingBench bench) => bench.Enqueued(Queues.Shards)
        .Where(ticket => bench.StateOf(ticket) == "Enqueued")
        .Select(ticket => (int)bench.Call(ticket).Args[1]);
}
