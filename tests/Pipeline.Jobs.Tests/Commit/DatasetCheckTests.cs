using System.Text;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Storage;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Commit;

public sealed class DatasetCheckTests(SharedCephS3 shared)
{
    private const string File1 = "data/train-00001-of-00003.parquet";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_whole_dataset_is_proved_and_left_as_it_is(bool onS3)
    {
        using var scenario = await FinishedAsync(onS3);
        var before = await scenario.Output.ListAsync("", Stop).ToListAsync(Stop);

        var proof = await CheckAsync(scenario);

        Assert.Empty(proof.Faults);
        Assert.Equal((scenario.Plan.JobId, 3, 5L, 1L), (proof.JobId, proof.Files, proof.Rows, proof.FailedRows));
        Assert.Equal(before, await scenario.Output.ListAsync("", Stop).ToListAsync(Stop));
    }

    [Theory]
    [InlineData(OutputLayout.Success, "is no finished dataset")]
    [InlineData(OutputLayout.Manifest, "no manifest.json")]
    [InlineData(OutputLayout.Plan, "nobody can say which images")]
    [InlineData(OutputLayout.Job, "does not say that this output belongs to")]
    [InlineData("_pipeline/commits/00001.json", "Shard 1 has no commit")]
    [InlineData(File1, "is gone")]
    public async Task What_is_gone_is_named(string key, string message)
    {
        using var scenario = await FinishedAsync();
        await scenario.Output.DeleteAsync(key, Stop);

        Assert.Contains((await CheckAsync(scenario)).Faults, fault => fault.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(OutputLayout.Manifest, "was changed since it was written")]
    [InlineData("_pipeline/commits/00001.json", "planned")]
    public async Task A_record_of_other_counts_is_named(string key, string message)
    {
        using var scenario = await FinishedAsync();
        var text = await scenario.ReadAsync(key);
        await PutAsync(scenario, key, text.Replace("\"rows\": 2", "\"rows\": 1", StringComparison.Ordinal));

        Assert.Contains((await CheckAsync(scenario)).Faults, fault => fault.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_turned_bit_is_found_and_costs_only_its_own_file()
    {
        using var scenario = await FinishedAsync();
        var bytes = await scenario.Output.ReadAllBytesAsync(File1, Stop);
        bytes[bytes.Length / 2] ^= 1;
        await scenario.Output.PutAsync(File1, new MemoryStream(bytes), Stop);

        var proof = await CheckAsync(scenario);

        Assert.Contains($"'{scenario.Output.UriOf(File1)}' is not what was committed", proof.Faults[0], StringComparison.Ordinal);
        Assert.Contains("delete", proof.Faults[0], StringComparison.Ordinal);
        Assert.Equal(3, proof.Rows);
    }

    [Fact]
    public async Task Rows_of_other_images_are_found_though_every_count_and_hash_agrees()
    {
        using var scenario = await CommitScenario.CreateAsync();
        await scenario.ClaimAsync();
        var of0 = await scenario.AnnotateAsync(shard: 0, attempt: 1);
        await new ShardCommitter(scenario.Output, scenario.Time).CommitAsync(of0, Stop);
        await new ShardCommitter(scenario.Output, scenario.Time).CommitAsync(of0 with { Shard = 1 }, Stop);
        await scenario.CommitAsync(scenario.Output, shard: 2);
        await scenario.FinalizeAsync(scenario.Output);

        var proof = await CheckAsync(scenario);

        Assert.Contains($"Row 0 of '{scenario.Output.UriOf(File1)}' is '0.jpg', planned is '2.jpg'", proof.Faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_only_readers_of_the_whole_folder_would_find_is_named()
    {
        using var scenario = await FinishedAsync();
        await PutAsync(scenario, "data/copy.parquet", "x");
        await PutAsync(scenario, "data/README.md", "x");

        Assert.Contains("copy.parquet' is not part of the dataset", Assert.Single((await CheckAsync(scenario)).Faults), StringComparison.Ordinal);
    }

    private async Task<CommitScenario> FinishedAsync(bool onS3 = false)
    {
        var scenario = onS3 ? await CommitScenario.CreateAsync(await shared.StartedAsync()) : await CommitScenario.CreateAsync();
        await scenario.ClaimAsync();
        await scenario.CommitAllAsync(scenario.Output);
        await scenario.FinalizeAsync(scenario.Output);
        return scenario;
    }

    private static Task PutAsync(CommitScenario scenario, string key, string text) =>
        scenario.Output.PutAsync(key, new MemoryStream(Encoding.UTF8.GetBytes(text)), Stop);

    private static Task<DatasetProof> CheckAsync(CommitScenario scenario) => new DatasetCheck(scenario.Output).RunAsync(Stop);
}
