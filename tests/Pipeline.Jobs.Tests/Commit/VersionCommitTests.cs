using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Storage;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Commit;

public sealed class VersionCommitTests(SharedCephS3 ceph)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_retry_becomes_the_next_version_all_at_once()
    {
        using var scenario = await FinishedAsync();
        await scenario.RetryAsync(scenario.Output);
        Assert.Equal([["3.jpg", "failed"]], Failures(scenario));
        Assert.Equal((1, 1), await VersionAsync(scenario));

        await EndAsync(scenario, scenario.Output);

        Assert.Empty(Failures(scenario));
        Assert.Equal((2, 0), await VersionAsync(scenario));
        await AssertProvedAsync(scenario);
        Assert.DoesNotContain(await scenario.KeysAsync("_pipeline/"), key => key.Contains("/staged/", StringComparison.Ordinal));
        var again = await scenario.FinalizeAsync(scenario.Output);
        Assert.Equal((2, 0L), (again.Version, again.FailedRows));
    }

    [Fact]
    public async Task A_version_without_all_its_shards_is_refused_and_nothing_changes()
    {
        using var scenario = await FinishedAsync();
        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => EndAsync(scenario, scenario.Output));
        Assert.Contains("Shard 1 has 1 failed rows that were not made again", fault.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), await VersionAsync(scenario));
        await AssertProvedAsync(scenario);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_step_dies_readers_find_each_row_once_and_the_next_one_ends_the_same(bool afterEffect)
    {
        var step = 0;
        for (var crashed = true; crashed; step++)
        {
            using var scenario = await FinishedAsync();
            var dying = new CrashingStore(scenario.Output, step, afterEffect);
            await Assert.ThrowsAnyAsync<CrashException>(async () =>
            {
                await scenario.RetryAsync(dying);
                await EndAsync(scenario, dying);
                throw new CrashException();
            });
            crashed = dying.Crashed;

            Assert.Equal(["0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg"], scenario.ReadDataset().Select(row => row[0]));
            Assert.Equal(5, (await scenario.ReadRowsAsync()).Select(row => row.Annotation.Id).Distinct().Count());

            await scenario.RetryAsync(scenario.Output);
            await EndAsync(scenario, scenario.Output);
            Assert.Empty(Failures(scenario));
            Assert.Equal((2, 0), await VersionAsync(scenario));
            await AssertProvedAsync(scenario);
        }

        Assert.InRange(step, 15, 200);
    }

    [Fact]
    public async Task A_version_that_was_committed_is_put_in_place_by_whoever_finalizes_next()
    {
        using var scenario = await FinishedAsync();
        await scenario.RetryAsync(scenario.Output);
        await new VersionCommit(scenario.Output, scenario.Time).CommitAsync(scenario.Plan.JobId, 2, Stop);

        await scenario.FinalizeAsync(scenario.Output);

        Assert.Equal((2, 0), await VersionAsync(scenario));
        await AssertProvedAsync(scenario);
    }

    [Fact]
    public async Task On_s3_it_is_the_same()
    {
        using var scenario = await FinishedAsync(onS3: true);
        await scenario.RetryAsync(scenario.Output);
        await EndAsync(scenario, scenario.Output);
        Assert.Equal((2, 0), await VersionAsync(scenario));
        await AssertProvedAsync(scenario);
    }

    private async Task<CommitScenario> FinishedAsync(bool onS3 = false)
    {
        var scenario = onS3 ? await CommitScenario.CreateAsync(await ceph.StartedAsync()) : await CommitScenario.CreateAsync();
        await scenario.ClaimAsync();
        await scenario.CommitAllAsync(scenario.Output);
        await scenario.FinalizeAsync(scenario.Output);
        return scenario;
    }

    private static async Task EndAsync(CommitScenario scenario, IObjectStore through)
    {
        await new VersionCommit(through, scenario.Time).CommitAsync(scenario.Plan.JobId, 2, Stop);
        await scenario.FinalizeAsync(through);
    }

    private static List<object?[]> Failures(CommitScenario scenario) =>
        [.. scenario.ReadDataset("id, status").Where(row => (string?)row[1] == "failed")];

    private static async Task<(int Version, int FailedRows)> VersionAsync(CommitScenario scenario)
    {
        var manifest = (await new DatasetReader(scenario.Output).FindAsync(Stop))!;
        return (manifest.Version, (int)manifest.FailedRows);
    }

    private static async Task AssertProvedAsync(CommitScenario scenario)
    {
        var proof = await new DatasetCheck(scenario.Output).RunAsync(Stop);
        Assert.Empty(proof.Faults);
        Assert.Equal(5, proof.Rows);
    }
}
