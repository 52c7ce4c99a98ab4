using Hangfire.InMemory;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tests.Specs;

namespace Pipeline.Jobs.Tests.Scheduling;

/// <summary>Planning and finalizing, which Hangfire may run any number of times.</summary>
public sealed class ControlJobsTests : IDisposable
{
    private readonly SchedulingBench _bench = new(new InMemoryStorage(), new Workplace(images: 5));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Planning_twice_gives_the_same_plan_and_the_same_shards()
    {
        var jobId = await _bench.SubmitAsync();
        await _bench.PlanJob().RunAsync(jobId, Token);
        var (plan, shards) = (await PlanBytesAsync(), _bench.Shards.List(jobId));

        await _bench.PlanJob().RunAsync(jobId, Token);

        Assert.Equal(plan, await PlanBytesAsync());
        Assert.Equal(shards, _bench.Shards.List(jobId));
        Assert.Equal([2, 2, 1], shards.Select(shard => shard.Rows));
        Assert.All(shards, shard => Assert.Equal((ShardPhase.Pending, 0), (shard.Phase, shard.Attempt)));
    }

    [Fact]
    public async Task Planning_at_once_in_two_workers_gives_one_plan()
    {
        var jobId = await _bench.SubmitAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => _bench.PlanJob().RunAsync(jobId, Token), Token)));

        var plan = (await new PlanReader(_bench.Place.Stores.Open(_bench.Place.Output)).FindAsync(Token))!;
        Assert.Equal(plan.Shards.Select(shard => shard.Rows), _bench.Shards.List(jobId).Select(shard => shard.Rows));
    }

    [Fact]
    public async Task Planning_again_finds_what_was_committed_and_keeps_counting_attempts()
    {
        var jobId = await _bench.SubmitAsync();
        await _bench.PlanJob().RunAsync(jobId, Token);
        await _bench.CommitAsync(jobId, 1, fails: image => image.Key == "003.jpg");
        var failed = _bench.Shards.Find(jobId, 2)! with { Phase = ShardPhase.Failed, Attempt = 3, Error = "cut", Done = 1 };
        var running = _bench.Shards.Find(jobId, 0)! with { Phase = ShardPhase.Running, Attempt = 1, Done = 1, UpdatedAt = _bench.Time.GetUtcNow() };
        _bench.Shards.Write(jobId, [failed, running, Lost(_bench.Shards.Find(jobId, 1)!)]);
        _bench.Jobs.MoveTo(jobId, JobState.Failed, "Shard 2 failed: cut");
        await _bench.SubmitAsync();

        await _bench.PlanJob().RunAsync(jobId, Token);

        var shards = _bench.Shards.List(jobId);
        Assert.Equal(running, shards[0]);
        Assert.Equal((ShardPhase.Committed, 2, 1, "bench:1"), (shards[1].Phase, shards[1].Done, shards[1].FailedRows, shards[1].Worker));
        Assert.Equal((ShardPhase.Pending, 3, 0, null), (shards[2].Phase, shards[2].Attempt, shards[2].Done, shards[2].Error));
        Assert.Equal(2, _bench.Job(jobId).ImagesDoneBefore);
    }

    [Fact]
    public async Task A_source_that_was_emptied_since_submission_is_a_permanent_error()
    {
        var jobId = await _bench.SubmitAsync();
        Directory.Delete(_bench.Place.Source, recursive: true);
        Directory.CreateDirectory(_bench.Place.Source);

        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => _bench.PlanJob().RunAsync(jobId, Token));

        Assert.True(RetryFilter.IsPermanent(error));
        Assert.Null(_bench.Job(jobId).ShardsTotal);
    }

    [Fact]
    public async Task Cancelled_planning_says_so_and_plans_nothing()
    {
        var jobId = await _bench.SubmitAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.PlanJob().RunAsync(jobId, cancelled.Token));
        Assert.Null(_bench.Job(jobId).ShardsTotal);
    }

    [Fact]
    public async Task A_job_that_is_to_stop_or_unknown_is_not_planned()
    {
        var jobId = await _bench.SubmitAsync();
        _bench.Control.RequestCancel(jobId);
        await _bench.PlanJob().RunAsync(jobId, Token);
        await _bench.PlanJob().RunAsync("job-unknown", Token);
        Assert.Null(_bench.Job(jobId).ShardsTotal);
    }

    [Fact]
    public async Task Finalizing_twice_changes_nothing()
    {
        var jobId = await CommitAllAsync();
        await _bench.FinalizeJob().RunAsync(jobId, Token);
        var success = await File.ReadAllTextAsync(Path.Combine(_bench.Place.Output, OutputLayout.Success), Token);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));

        await _bench.FinalizeJob().RunAsync(jobId, Token);

        Assert.Equal(success, await File.ReadAllTextAsync(Path.Combine(_bench.Place.Output, OutputLayout.Success), Token));
        Assert.Equal(new JobOutcome(5, 1), _bench.Job(jobId).Outcome);
    }

    [Fact]
    public async Task Finalizing_with_a_shard_missing_is_a_permanent_error()
    {
        var jobId = await _bench.SubmitAsync();
        await _bench.PlanJob().RunAsync(jobId, Token);
        await _bench.CommitAsync(jobId, 0);

        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => _bench.FinalizeJob().RunAsync(jobId, Token));

        Assert.True(RetryFilter.IsPermanent(error));
        Assert.Null(_bench.Job(jobId).Outcome);
    }

    [Fact]
    public void Only_what_may_succeed_later_is_tried_again()
    {
        Assert.True(RetryFilter.IsPermanent(new PermanentJobException("x")));
        Assert.True(RetryFilter.IsPermanent(new ObjectStoreException(ObjectStoreFault.AccessDenied, "s3://b", "x")));
        Assert.True(RetryFilter.IsPermanent(new ObjectStoreException(ObjectStoreFault.Full, "s3://b", "x")));
        Assert.False(RetryFilter.IsPermanent(new ObjectStoreException(ObjectStoreFault.Unavailable, "s3://b", "x")));
        Assert.False(RetryFilter.IsPermanent(new IOException("x")));
    }

    private async Task<string> CommitAllAsync()
    {
        var jobId = await _bench.SubmitAsync();
        await _bench.PlanJob().RunAsync(jobId, Token);
        for (var shard = 0; shard < 3; shard++)
        {
            await _bench.CommitAsync(jobId, shard, fails: image => image.Key == "004.jpg");
        }

        return jobId;
    }

    private static ShardStatus Lost(ShardStatus committed) => committed with { Phase = ShardPhase.Pending, Done = 0, FailedRows = 0 };

    private Task<byte[]> PlanBytesAsync() => File.ReadAllBytesAsync(Path.Combine(_bench.Place.Output, OutputLayout.Plan), Token);
}
