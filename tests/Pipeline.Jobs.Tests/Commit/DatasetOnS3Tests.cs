using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tests.State;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Commit;

/// <summary>The protocol once more where conditional writes, copies and listings are S3's.</summary>
public sealed class DatasetOnS3Tests(SharedCephS3 shared, PostgresFixture postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Racing_and_dying_workers_on_s3_end_with_each_row_once()
    {
        using var scenario = await CommitScenario.CreateAsync(await shared.StartedAsync());
        Assert.Equal([2, 2, 1], scenario.Plan.Shards.Select(shard => shard.Rows));
        var attempts = await Enumerable.Range(1, 8).ToAsyncEnumerable().Select(async (int attempt, CancellationToken _) => await scenario.AnnotateAsync(0, attempt)).ToListAsync(Stop);
        var dying = new CrashingStore(scenario.Output, crashAt: 2, afterEffect: true);

        var commits = await Task.WhenAll(attempts.Select(attempt => new ShardCommitter(scenario.Output, scenario.Time).CommitAsync(attempt, Stop)));
        await Assert.ThrowsAsync<CrashException>(() => scenario.CommitAsync(dying, shard: 1));
        await scenario.CommitAsync(scenario.Output, shard: 2);
        var finished = await Task.WhenAll(scenario.FinalizeAsync(scenario.Output), scenario.FinalizeAsync(scenario.Output));

        var winner = Assert.Single(commits.Select(commit => commit with { Statistics = null }).Distinct());
        Assert.Single(finished.Distinct());
        var rows = await scenario.ReadRowsAsync();
        Assert.Equal(["0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg"], rows.Select(row => row.Annotation.Id));
        Assert.Equal(winner.Attempt, rows[0].Provenance.Attempt);
        Assert.Empty(await scenario.KeysAsync(OutputLayout.Staged));
        Assert.Equal(
            ["data/train-00000-of-00003.parquet", "data/train-00001-of-00003.parquet", "data/train-00002-of-00003.parquet"],
            await scenario.KeysAsync(OutputLayout.Data));
    }

    [Fact]
    public async Task On_a_store_without_conditional_writes_PostgreSQL_lets_one_of_racing_workers_commit()
    {
        var server = await shared.StartedAsync();
        await using var proxy = await server.StartWithoutConditionsAsync(Stop);
        await using var ledger = new CreateLedger(await (await postgres.ServerAsync()).CreateDatabaseAsync(Stop));
        using var scenario = await CommitScenario.CreateAsync(server, proxy, ledger);
        var attempts = await Enumerable.Range(1, 8).ToAsyncEnumerable().Select(async (int attempt, CancellationToken _) => await scenario.AnnotateAsync(0, attempt)).ToListAsync(Stop);

        var commits = await Task.WhenAll(attempts.Select(attempt => new ShardCommitter(scenario.Output, scenario.Time).CommitAsync(attempt, Stop)));
        await scenario.CommitAsync(scenario.Output, shard: 1);
        await scenario.CommitAsync(scenario.Output, shard: 2);
        await scenario.FinalizeAsync(scenario.Output);

        var winner = Assert.Single(commits.Select(commit => commit with { Statistics = null }).Distinct());
        var rows = await scenario.ReadRowsAsync();
        Assert.Equal(["0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg"], rows.Select(row => row.Annotation.Id));
        Assert.Equal(winner.Attempt, rows[0].Provenance.Attempt);
    }

    [Fact]
    public async Task Finalizing_on_s3_knows_a_file_of_the_same_length_for_another_and_reads_no_sound_one_back()
    {
        var server = await shared.StartedAsync();
        await using var proxy = await FaultyProxy.StartAsync(server.Endpoint, Stop);
        using var scenario = await CommitScenario.CreateAsync(server, proxy);
        await scenario.CommitAllAsync(scenario.Output);
        var file = OutputLayout.DataOf(1, 3);
        var sound = await scenario.Output.ReadAllBytesAsync(file, Stop);
        var damaged = sound.ToArray();
        damaged[damaged.Length / 2] ^= 1;
        await scenario.Output.PutAsync(file, new MemoryStream(damaged), Stop);

        var refused = await Assert.ThrowsAsync<ObjectStoreException>(() => scenario.FinalizeAsync(scenario.Output));

        Assert.Equal(ObjectStoreFault.Rejected, refused.Fault);
        Assert.Contains($"{file}' is not what was committed", refused.Message, StringComparison.Ordinal);

        await scenario.Output.PutAsync(file, new MemoryStream(sound), Stop);
        var read = new ConcurrentBag<string>();
        proxy.FaultOf = request =>
        {
            if (request.Method == HttpMethods.Get)
            {
                read.Add(request.Path.Value!);
            }

            return null;
        };
        Assert.Equal(5, (await scenario.FinalizeAsync(scenario.Output)).Rows);
        Assert.DoesNotContain(read, path => path.EndsWith(".parquet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_output_on_s3_is_probed_claimed_and_refused_to_others()
    {
        using var scenario = await CommitScenario.CreateAsync(await shared.StartedAsync());
        var planned = new OutputClaim(scenario.Output);
        Assert.Equal(OutputOwner.Foreign, (await planned.ExamineAsync("job-a", Stop)).Owner);
        foreach (var key in await scenario.KeysAsync(""))
        {
            await scenario.Output.DeleteAsync(key, Stop);
        }

        await planned.ProbeAsync(Stop);
        Assert.Empty(await scenario.KeysAsync(""));
        var states = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => planned.TryClaimAsync($"job-{i}", "{}", Stop)));

        var winner = Assert.Single(states, state => state.Owner == OutputOwner.ThisJob);
        Assert.All(states.Except([winner]), state => Assert.Equal(new OutputState(OutputOwner.OtherJob, winner.JobId), state));
    }
}
