using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.Commit;

public sealed class DatasetFinalizerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_finished_dataset_says_what_it_consists_of()
    {
        using var scenario = await CommitScenario.CreateAsync();
        var reader = new DatasetReader(scenario.Output);
        await scenario.CommitAllAsync(scenario.Output);
        Assert.Null(await reader.FindAsync(Stop));

        var success = await scenario.FinalizeAsync(scenario.Output);

        var manifest = (await reader.FindAsync(Stop))!;
        Assert.Equal((3, 5, 1), (success.Files, success.Rows, success.FailedRows));
        Assert.Equal((scenario.Plan.JobId, scenario.Plan.ModelRevision, 5, 1), (manifest.JobId, manifest.ModelRevision, manifest.Rows, manifest.FailedRows));
        Assert.Equal([(2, 0), (2, 1), (1, 0)], manifest.Files.Select(file => (file.Rows, file.FailedRows)));
        foreach (var file in manifest.Files)
        {
            var bytes = await scenario.Output.ReadAllBytesAsync(file.File, Stop);
            Assert.Equal((bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), (file.Bytes, file.Sha256));
        }

        Assert.Equal(manifest.Files.Sum(file => file.Bytes), manifest.Bytes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(await scenario.ReadAsync("manifest.json")))), success.ManifestSha256);
        Assert.Equal(5, JsonDocument.Parse(await scenario.ReadAsync("_SUCCESS")).RootElement.GetProperty("rows").GetInt64());
        Assert.Equal(success, await reader.FindSuccessAsync(Stop));
        Assert.Equal(["0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg"], scenario.ReadDataset().Select(row => row[0]));
    }

    [Fact]
    public async Task Finalizing_again_and_at_once_changes_nothing()
    {
        using var scenario = await CommitScenario.CreateAsync();
        await scenario.CommitAllAsync(scenario.Output);

        var racing = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => scenario.FinalizeAsync(scenario.Output))));
        var before = await scenario.Output.ListAsync("", Stop).ToListAsync(Stop);
        scenario.Time.Advance(TimeSpan.FromHours(1));
        var again = await scenario.FinalizeAsync(scenario.Output);

        Assert.All(racing, success => Assert.Equal(again, success));
        Assert.Equal(before, await scenario.Output.ListAsync("", Stop).ToListAsync(Stop));
    }

    [Fact]
    public async Task A_missing_commit_is_refused_and_nothing_is_written()
    {
        using var scenario = await CommitScenario.CreateAsync();
        await scenario.CommitAsync(scenario.Output, shard: 0);

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => scenario.FinalizeAsync(scenario.Output));

        Assert.Contains("2 of 3 shards are not committed, the first of them shard 1", fault.Message, StringComparison.Ordinal);
        Assert.Null(await scenario.Output.FindAsync(OutputLayout.Manifest, Stop));
        Assert.Null(await scenario.Output.FindAsync(OutputLayout.Success, Stop));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_step_a_finalizer_dies_at_the_next_one_ends_the_same(bool afterEffect)
    {
        var step = 0;
        for (var crashed = true; crashed; step++)
        {
            using var scenario = await CommitScenario.CreateAsync();
            await scenario.CommitAsync(scenario.Output, shard: 0);
            await scenario.CommitAsync(scenario.Output, shard: 1);
            await LeaveUnpromotedAsync(scenario, shard: 2);
            await PutAsync(scenario, "_pipeline/staged/00001-9-dead.parquet");
            var store = new CrashingStore(scenario.Output, step, afterEffect);
            var died = await Record.ExceptionAsync(() => scenario.FinalizeAsync(store));
            crashed = store.Crashed;
            Assert.Equal(crashed, died is CrashException);
            var wasFinished = await scenario.Output.FindAsync(OutputLayout.Success, Stop) is not null;

            var success = await scenario.FinalizeAsync(scenario.Output);

            Assert.Equal((3, 5L, 1L), (success.Files, success.Rows, success.FailedRows));
            Assert.Equal(["0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg"], scenario.ReadDataset().Select(row => row[0]));
            Assert.Empty(await scenario.KeysAsync(OutputLayout.Staged));
            Assert.True(!wasFinished || !crashed || afterEffect);
        }

        Assert.InRange(step, 15, 100);
    }

    [Fact]
    public async Task What_crashed_and_late_attempts_left_is_swept_and_nothing_else()
    {
        using var scenario = await CommitScenario.CreateAsync();
        await scenario.CommitAllAsync(scenario.Output);
        string[] leftovers = ["_pipeline/staged/00000-2-dead.parquet", "_pipeline/plan/dead/00000.parquet", "data/train-00009-of-00010.parquet"];
        string[] kept = ["README.md", "data/notes.txt"];
        foreach (var key in (string[])[.. leftovers, .. kept])
        {
            await PutAsync(scenario, key);
        }

        var partial = scenario.Folder.In("output", "data", $".pipeline-{Guid.NewGuid():n}.partial");
        await File.WriteAllTextAsync(partial, "brok", Stop);

        await scenario.FinalizeAsync(scenario.Output);

        var keys = await scenario.KeysAsync("");
        Assert.Empty(keys.Intersect(leftovers));
        Assert.Equal(kept, keys.Intersect(kept).Order(StringComparer.Ordinal));
        Assert.False(File.Exists(partial));
        Assert.All(scenario.Plan.Shards, shard => Assert.Contains(shard.File, keys));
    }

    [Fact]
    public async Task A_file_that_is_not_what_was_committed_is_refused()
    {
        using var scenario = await CommitScenario.CreateAsync();
        await scenario.CommitAllAsync(scenario.Output);
        var path = scenario.Folder.In("output", "data", "train-00001-of-00003.parquet");
        var bytes = await File.ReadAllBytesAsync(path, Stop);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Stop);

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => scenario.FinalizeAsync(scenario.Output));

        Assert.Equal(ObjectStoreFault.Rejected, fault.Fault);
        Assert.Contains("is not what was committed", fault.Message, StringComparison.Ordinal);
        Assert.Null(await scenario.Output.FindAsync(OutputLayout.Success, Stop));
    }

    [Fact]
    public async Task A_commit_of_too_few_rows_is_refused()
    {
        using var scenario = await CommitScenario.CreateAsync();
        await scenario.CommitAllAsync(scenario.Output);
        var commit = await scenario.ReadAsync(OutputLayout.CommitOf(0));
        await scenario.Output.PutAsync(
            OutputLayout.CommitOf(0), new MemoryStream(Encoding.UTF8.GetBytes(commit.Replace("\"rows\": 2", "\"rows\": 1", StringComparison.Ordinal))), Stop);

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => scenario.FinalizeAsync(scenario.Output));

        Assert.Contains("has 1 rows in", fault.Message, StringComparison.Ordinal);
        Assert.Contains("but 2 rows are planned", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dataset_without_its_manifest_is_refused()
    {
        using var scenario = await CommitScenario.CreateAsync();
        await scenario.CommitAllAsync(scenario.Output);
        await scenario.FinalizeAsync(scenario.Output);
        await scenario.Output.DeleteAsync(OutputLayout.Manifest, Stop);

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => new DatasetReader(scenario.Output).FindAsync(Stop));

        Assert.Contains("no manifest.json", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Commits a shard as a worker does that dies right after its commit.</summary>
    private static async Task LeaveUnpromotedAsync(CommitScenario scenario, int shard)
    {
        var dying = new CrashingStore(scenario.Output, crashAt: 2, afterEffect: true);
        await Assert.ThrowsAsync<CrashException>(() => scenario.CommitAsync(dying, shard));
        Assert.NotNull(await new CommitLog(scenario.Output).FindAsync(shard, Stop));
        Assert.Single(await scenario.KeysAsync(OutputLayout.Staged));
    }

    private static Task PutAsync(CommitScenario scenario, string key) => scenario.Output.PutAsync(key, new MemoryStream([1]), Stop);
}
