using System.Security.Cryptography;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Reuse;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Specs.Validation;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tests.Commit;
using Pipeline.Jobs.Tests.Rows;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Reuse;

public sealed class EarlierAnswersTests(SharedCephS3 ceph)
{
    private static readonly RowProvenance s_made = RowSamples.Provenance;

    /// <summary>The images of a scenario are all of one byte.</summary>
    private static readonly string s_image = Convert.ToHexStringLower(SHA256.HashData([1]));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_row_is_found_by_image_and_prompt_and_only_by_both(bool onS3)
    {
        using var scenario = await FinishedAsync(onS3);
        var earlier = await OpenAsync(scenario, s_made.ModelRevision, s_made.ParametersHash);

        var row = await earlier.FindAsync(s_image, s_made.PromptHash, Stop);

        Assert.Equal("by attempt 1", row!.Annotation.Caption!.Text);
        Assert.Equal(s_made.JobId, row.Provenance.JobId);
        Assert.Null(await earlier.FindAsync(new string('0', 64), s_made.PromptHash, Stop));
        Assert.Null(await earlier.FindAsync(s_image, new string('0', 64), Stop));
        Assert.Null(await (await OpenAsync(scenario, new string('0', 64), s_made.ParametersHash)).FindAsync(s_image, s_made.PromptHash, Stop));
        Assert.Null(await (await OpenAsync(scenario, s_made.ModelRevision, new string('0', 64))).FindAsync(s_image, s_made.PromptHash, Stop));
    }

    [Fact]
    public async Task A_file_that_was_replaced_since_gives_no_wrong_answer()
    {
        using var scenario = await FinishedAsync(onS3: false);
        var earlier = await OpenAsync(scenario, s_made.ModelRevision, s_made.ParametersHash);
        foreach (var shard in scenario.Plan.Shards)
        {
            await using var writer = ShardFileWriter.Create(scenario.Folder.In("other.parquet"), s_made with { PromptHash = new string('e', 64) });
            await writer.WriteAsync(scenario.WithImageFacts(RowSamples.Annotated("other.jpg", "to another prompt")), Stop);
            await writer.CompleteAsync(Stop);
            await using var content = File.OpenRead(scenario.Folder.In("other.parquet"));
            await scenario.Output.PutAsync(OutputLayout.DataOf(shard.Index, scenario.Plan.Shards.Count), content, Stop);
        }

        Assert.Null(await earlier.FindAsync(s_image, s_made.PromptHash, Stop));
    }

    [Fact]
    public async Task A_dataset_that_is_gone_or_damaged_is_named_with_the_mend()
    {
        using var scenario = await FinishedAsync(onS3: false);
        var lost = OutputLayout.DataOf(0, scenario.Plan.Shards.Count);
        await scenario.Output.DeleteAsync(lost, Stop);
        var missing = await Assert.ThrowsAsync<ObjectStoreException>(() => OpenAsync(scenario, s_made.ModelRevision, s_made.ParametersHash));
        Assert.Contains($"'{scenario.Output.UriOf(lost)}' is gone", missing.Message, StringComparison.Ordinal);

        await scenario.Output.PutAsync(lost, new MemoryStream("no Parquet"u8.ToArray()), Stop);
        var damaged = await Assert.ThrowsAsync<ObjectStoreException>(() => OpenAsync(scenario, s_made.ModelRevision, s_made.ParametersHash));
        Assert.Contains($"'{scenario.Output.UriOf(lost)}' cannot be read as Parquet", damaged.Message, StringComparison.Ordinal);

        await scenario.Output.DeleteAsync(OutputLayout.Success, Stop);
        var unfinished = await Assert.ThrowsAsync<PermanentJobException>(() => OpenAsync(scenario, s_made.ModelRevision, s_made.ParametersHash));
        Assert.Contains("no finished dataset any more", unfinished.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spec_that_names_what_cannot_be_reused_is_refused()
    {
        using var scenario = await FinishedAsync(onS3: false);
        async Task<string?> FaultAsync(params string[] datasets)
        {
            var faults = await new ReuseValidator(scenario.Stores).ValidateAsync(scenario.Spec with { Output = scenario.Folder.In("new"), Reuse = datasets }, Stop);
            return faults.SingleOrDefault() is { } fault ? $"{fault.Pointer}: {fault.Detail}" : null;
        }

        Assert.Null(await FaultAsync());
        Assert.Null(await FaultAsync(scenario.Spec.Output));
        Assert.Matches("^/reuse/1: .*no finished dataset: give the output of a completed job", await FaultAsync(scenario.Spec.Output, scenario.Folder.In("none")));
        Assert.Matches("^/reuse/0: .*the job's own output", await FaultAsync(scenario.Folder.In("new")));
        Assert.StartsWith("/reuse/0: ", await FaultAsync("somewhere"), StringComparison.Ordinal);
        Assert.Matches("^/reuse: 17 datasets are more than 16", await FaultAsync([.. Enumerable.Repeat(scenario.Spec.Output, 17)]));
    }

    [Fact]
    public void It_is_part_of_the_job_in_one_form()
    {
        JobSpec Of(string reuse) => SpecNormalizer.Normalize(JobSpecReader.Read($$"""{ "source": "/in", "output": "/out", "model": "/m", "reuse": {{reuse}} }""").Spec);

        Assert.Null(Of("[]").Reuse);
        Assert.Null(Of("null").Reuse);
        Assert.Equal(JobId.Of(Of("""["/data/a"]""")), JobId.Of(Of("""["/data/a/", "/data/./a", "file:///data/a"]""")));
        Assert.NotEqual(JobId.Of(Of("[]")), JobId.Of(Of("""["/data/a"]""")));
        Assert.Equal("/reuse/0", Assert.Single(JobSpecReader.Read("""{ "source": "/in", "output": "/out", "model": "/m", "reuse": [1] }""").Faults).Pointer);
        Assert.Equal("/reuse", Assert.Single(JobSpecReader.Read("""{ "source": "/in", "output": "/out", "model": "/m", "reuse": "/data/a" }""").Faults).Pointer);
    }

    private static Task<EarlierAnswers> OpenAsync(CommitScenario scenario, string modelRevision, string parametersHash) =>
        EarlierAnswers.OpenAsync(scenario.Stores, [scenario.Spec.Output], modelRevision, parametersHash, Stop);

    private async Task<CommitScenario> FinishedAsync(bool onS3)
    {
        var scenario = onS3 ? await CommitScenario.CreateAsync(await ceph.StartedAsync()) : await CommitScenario.CreateAsync();
        await scenario.CommitAllAsync(scenario.Output);
        await scenario.FinalizeAsync(scenario.Output);
        return scenario;
    }
}
