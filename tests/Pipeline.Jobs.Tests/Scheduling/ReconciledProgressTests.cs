using Pipeline.Jobs.State;
using Pipeline.Jobs.Tests.Specs;
using Pipeline.Jobs.Tests.State;

namespace Pipeline.Jobs.Tests.Scheduling;

/// <summary>How far jobs got, as the reconciler sums it up on each storage.</summary>
public sealed class ReconciledProgressTests(PostgresFixture postgres)
{
    [Theory, EachStorage]
    public async Task Progress_is_summed_while_shards_run(StorageKind kind)
    {
        using var bench = await CreateAsync(kind);
        var jobId = await bench.StartAsync();
        for (var done = 0; done <= 2; done++)
        {
            bench.Shards.Write(jobId, bench.Shards.Find(jobId, 0)! with { Phase = ShardPhase.Running, Done = done, FailedRows = done / 2, UpdatedAt = bench.Time.GetUtcNow() });
            bench.Reconcile();
            bench.Time.Advance(TimeSpan.FromSeconds(4));
        }

        var view = JobView.Of(bench.Job(jobId));
        Assert.Equal((new ImageCounts(5, 2, 1), new ShardCounts(3, 0, 1)), (view.Images, view.Shards));
        Assert.Equal(0.25, view.ImagesPerSecond!.Value, 6);
    }

    [Theory, EachStorage]
    public async Task A_job_that_comes_takes_its_share_and_the_time_left_knows_at_once(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 80);
        var jobId = await bench.StartAsync();
        await RunAsync(shards: 10);
        var alone = JobView.Of(bench.Job(jobId)).EtaSeconds!.Value;

        // As many images again, which the same workers make.
        await bench.SubmitAsync(bench.Place.Spec with { Output = $"{bench.Place.Output}-other" });
        bench.Reconcile();
        await bench.RunControlAsync();
        await RunAsync(shards: 3);

        Assert.InRange(JobView.Of(bench.Job(jobId)).EtaSeconds!.Value / alone, 1.7, 2.1);

        async Task RunAsync(int shards)
        {
            for (var shard = 0; shard < shards; shard++)
            {
                bench.Time.Advance(TimeSpan.FromSeconds(2));
                await bench.RunShardAsync();
                bench.Reconcile();
            }
        }
    }

    [Theory, EachStorage]
    public async Task A_look_at_a_planned_backlog_reads_none_of_it(StorageKind kind)
    {
        var storage = await Storages.CreateAsync(kind, postgres);
        using var bench = new SchedulingBench(storage, new Workplace(images: 40));
        var jobId = await bench.StartAsync();
        using (var connection = storage.GetConnection())
        {
            // Whoever read one of these, whose turn comes in the second half, would stumble.
            connection.SetRangeInHash(JobKeys.Shards(jobId), ((int[])[1, 3, 6, 9, 11, 14, 16, 17, 19]).Select(shard => new KeyValuePair<string, string>($"{shard}", "no status")));
        }

        for (var shard = 0; shard < 5; shard++)
        {
            await bench.RunShardAsync();
            bench.Reconcile();
        }

        Assert.Equal((5, 10), (bench.Job(jobId).Progress.ShardsCommitted, bench.Job(jobId).Progress.ImagesDone));
    }

    private async Task<SchedulingBench> CreateAsync(StorageKind kind, int images = 5) => new(await Storages.CreateAsync(kind, postgres), new Workplace(images));
}
