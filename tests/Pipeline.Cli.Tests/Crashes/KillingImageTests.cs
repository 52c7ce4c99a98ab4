using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Pipeline.Cli.Tests.Processes;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.State;
using Pipeline.TestServers;

namespace Pipeline.Cli.Tests.Crashes;

/// <summary>An image that ends every process that touches it.</summary>
[Collection(nameof(KillingImageTests))]
public sealed class KillingImageTests(CrashServers servers) : IClassFixture<CrashServers>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Whatever it is that kills them, a crash of the decoder or the kernel's out-of-memory killer.</summary>
    [Fact]
    public async Task An_image_that_kills_each_worker_that_opens_it_becomes_a_failed_row_and_the_others_are_answered()
    {
        const string poison = "poison/001.png";
        await servers.DrawAsync("poison", 2, Token);
        await using var run = await CrashRun.StartAsync(servers, "poisoned", Token);
        var dead = new ConcurrentDictionary<int, PipelineProcess>();
        run.OnRequest = request => HttpMethods.IsGet(request.Method) && request.Path.Value!.EndsWith(poison, StringComparison.Ordinal)
            ? new ProxyFault.Lost(_ => Task.WhenAll(run.Workers.Select(worker => dead.GetOrAdd(worker.Id, worker).CrashAsync())))
            : null;
        var spec = run.Spec with { Source = run.Spec.Source.Replace("/images", "/poison", StringComparison.Ordinal) };

        var job = await run.FollowAsync(await run.SubmitAsync(spec, Token), Token);

        Assert.Equal(JobState.CompletedWithErrors, job.State);

        // With all of the shard, and alone.
        Assert.Equal(2, dead.Count);
        var proof = await run.ProveAsync(Token);
        Assert.Empty(proof.Faults);
        Assert.Equal((2, 1), (proof.Rows, proof.FailedRows));
        var rows = await ShardFileReader.ReadAsync(run.Open(spec.Output), OutputLayout.DataOf(0, 1), Token).ToListAsync(Token);
        Assert.Equal([null, RowFailure.WorkerCrashed], rows.Select(row => row.Annotation.Failure));
    }
}
