using System.Security.Cryptography;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;

namespace Pipeline.Jobs.Tests.Commit;

/// <summary>Who reads a dataset while it is made sees committed rows and nothing else.</summary>
public sealed class CommittedSoFarTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_step_a_job_is_at_its_committed_rows_are_seen_and_no_others(bool afterEffect)
    {
        var seen = 0L;
        var step = 0;
        for (var crashed = true; crashed; step++)
        {
            using var scenario = await CommitScenario.CreateAsync();
            var store = new CrashingStore(scenario.Output, step, afterEffect);
            await Record.ExceptionAsync(async () =>
            {
                await scenario.CommitAllAsync(store);
                await scenario.FinalizeAsync(store);
            });
            crashed = store.Crashed;

            var manifest = (await new DatasetReader(scenario.Output).FindCommittedAsync(Stop))!;

            Assert.Equal((5, scenario.Plan.JobId), (manifest.PlannedRows, manifest.JobId));
            Assert.InRange(manifest.Rows, seen, 5);
            seen = manifest.Rows;
            var rows = await ReadAsync(scenario, manifest);
            Assert.Equal(manifest.Rows, rows.Count);
            Assert.Equal(manifest.FailedRows, rows.Count(row => row.Annotation.Failure is not null));
            Assert.Equal(await PlannedAsync(scenario, manifest), rows.Select(row => row.Annotation.Id));

            // Who reads the folder and asks nobody finds the same.
            Assert.Equal(manifest.Files.Select(file => file.File), await scenario.KeysAsync(OutputLayout.Data));
        }

        Assert.Equal(5, seen);
        Assert.True(step > 3 * 6, $"{step} steps");
    }

    [Fact]
    public async Task What_an_attempt_staged_or_left_behind_is_not_seen()
    {
        using var scenario = await CommitScenario.CreateAsync();
        Assert.Equal(0, (await new DatasetReader(scenario.Output).FindCommittedAsync(Stop))!.Rows);
        await scenario.CommitAsync(scenario.Output, shard: 1);
        await scenario.Output.PutAsync(OutputLayout.StagedOf(0, 1, "dead"), new MemoryStream([1]), Stop);
        await scenario.Output.PutAsync(OutputLayout.DataOf(0, 3), new MemoryStream([1]), Stop);
        await scenario.Output.PutAsync(OutputLayout.DataOf(2, 3), new MemoryStream([1]), Stop);

        var manifest = (await new DatasetReader(scenario.Output).FindCommittedAsync(Stop))!;

        Assert.Equal([OutputLayout.DataOf(1, 3)], manifest.Files.Select(file => file.File));
        Assert.Equal(["2.jpg", "3.jpg"], (await ReadAsync(scenario, manifest)).Select(row => row.Annotation.Id));
    }

    [Fact]
    public async Task A_follower_of_workers_that_race_sees_ever_more_of_the_same_rows()
    {
        using var scenario = await CommitScenario.CreateAsync();
        List<ShardAttempt> attempts = [];
        foreach (var shard in (int[])[0, 1, 2, 2, 1, 0, 0, 1, 2])
        {
            attempts.Add(await scenario.AnnotateAsync(shard, attempts.Count + 1));
        }

        var working = Task.WhenAll(attempts.Select(attempt => Task.Run(() => new ShardCommitter(scenario.Output, scenario.Time).CommitAsync(attempt, Stop))));
        Dictionary<string, string> known = [];
        for (var isLast = false; !isLast;)
        {
            isLast = working.IsCompleted;
            var manifest = (await new DatasetReader(scenario.Output).FindCommittedAsync(Stop))!;
            Assert.All(known, file => Assert.Contains(manifest.Files, listed => listed.File == file.Key && listed.Sha256 == file.Value));
            await ReadAsync(scenario, manifest);
            known = manifest.Files.ToDictionary(file => file.File, file => file.Sha256);
        }

        await working;
        Assert.Equal(3, known.Count);
    }

    /// <summary>The rows of the files, each of which is the very one that was committed.</summary>
    private static async Task<List<DatasetRow>> ReadAsync(CommitScenario scenario, DatasetManifest manifest)
    {
        List<DatasetRow> rows = [];
        foreach (var file in manifest.Files)
        {
            await using (var content = await scenario.Output.OpenReadAsync(file.File, Stop))
            {
                Assert.Equal(file.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(content, Stop)));
            }

            rows.AddRange(await ShardFileReader.ReadAsync(scenario.Output, file.File, Stop).ToListAsync(Stop));
        }

        return rows;
    }

    private static async Task<List<string>> PlannedAsync(CommitScenario scenario, DatasetManifest manifest)
    {
        List<string> keys = [];
        foreach (var shard in scenario.Plan.Shards.Where(shard => manifest.Files.Any(file => file.File == OutputLayout.DataOf(shard.Index, scenario.Plan.Shards.Count))))
        {
            keys.AddRange((await new PlanReader(scenario.Output).ReadShardAsync(shard, Stop)).Select(image => image.Key));
        }

        return keys;
    }
}
