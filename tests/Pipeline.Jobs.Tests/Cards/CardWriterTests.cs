using Pipeline.Jobs.Cards;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Tests.Commit;
using Pipeline.Jobs.Tests.Specs;

namespace Pipeline.Jobs.Tests.Cards;

public sealed class CardWriterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_finished_dataset_has_a_card_that_says_what_it_holds()
    {
        using var scenario = await CommitScenario.CreateAsync();
        await scenario.CommitAllAsync(scenario.Output);

        await scenario.FinalizeWithCardAsync((image, _) => Task.FromResult<byte[]?>([.. "thumbnail of "u8, .. image.Span]));

        var card = await scenario.ReadAsync(OutputLayout.Card);
        var manifest = (await new DatasetReader(scenario.Output).FindAsync(Stop))!;
        Assert.StartsWith(
            $"""
            ---
            annotations_creators:
            - machine-generated
            task_categories:
            - image-to-text
            - visual-question-answering
            size_categories:
            - n<1K
            configs:
            - config_name: default
              data_files:
              - split: train
                path: data/train-*.parquet
            dataset_info:
              config_name: default
              splits:
              - name: train
                num_examples: 5
                num_bytes: {manifest.Bytes}
              download_size: {manifest.Bytes}
              dataset_size: {manifest.Bytes}
            ---

            """.ReplaceLineEndings("\n"),
            card,
            StringComparison.Ordinal);
        Assert.Contains("5 images, of which 4 are annotated and 1 failed", card, StringComparison.Ordinal);
        Assert.Contains("| empty\\_file | 1 |", card, StringComparison.Ordinal);
        Assert.Contains("| near | 4 |", card, StringComparison.Ordinal);
        Assert.Contains("| no | 4 |", card, StringComparison.Ordinal);
        Assert.Contains("| Model | model |", card, StringComparison.Ordinal);
        Assert.Contains("![](samples/0.jpg)", card, StringComparison.Ordinal);
        Assert.Equal("thumbnail of \u0001", await scenario.ReadAsync("samples/0.jpg"));
        Assert.Equal(4, (await scenario.KeysAsync("samples/")).Count);
        Assert.DoesNotContain(scenario.Folder.Path, card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompts_are_shown_as_text_whatever_they_hold()
    {
        using var scenario = await CommitScenario.CreateAsync();
        await scenario.CommitAllAsync(scenario.Output);

        await scenario.FinalizeWithCardAsync(thumbnail: null);

        Assert.Contains("````text\nDescribe | it.\n```\n<script>alert(1)</script>\n````\n", await scenario.ReadAsync(OutputLayout.Card), StringComparison.Ordinal);
    }

    [Fact]
    public void Filters_and_duplicates_are_told_in_words()
    {
        var spec = SpecSamples.WithEverything();

        Assert.Equal(
            "| Left out | images of less than 64 pixels across, less than 48 pixels down, more than 4.5 times as long as wide, a contrast below 2 |\n"
            + "| Duplicates | the same bytes, or perceptual hashes within 3 bits: skipped |\n",
            CardSelection.Write(spec));
        Assert.Equal("| Duplicates | the same bytes: marked |\n", CardSelection.Write(spec with { Filters = null, Duplicates = new DuplicateSpec() }));
        Assert.Empty(CardSelection.Write(SpecSamples.Spec()));
    }

    [Fact]
    public async Task Images_that_are_gone_or_changed_leave_a_card_without_them()
    {
        using var scenario = await CommitScenario.CreateAsync();
        await scenario.CommitAllAsync(scenario.Output);
        File.Delete(scenario.Folder.In("source", "0.jpg"));
        await File.WriteAllBytesAsync(scenario.Folder.In("source", "1.jpg"), [2], Stop);
        await File.WriteAllBytesAsync(scenario.Folder.In("source", "2.jpg"), [1, 1], Stop);

        await scenario.FinalizeWithCardAsync((image, _) => Task.FromResult<byte[]?>(image.ToArray()));

        Assert.Equal(["samples/3.jpg"], await scenario.KeysAsync("samples/"));
        Assert.Contains("| 0.jpg |", await scenario.ReadAsync(OutputLayout.Card), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_manifest_holds_the_statistics_of_all_shards()
    {
        using var scenario = await CommitScenario.CreateAsync();
        await scenario.CommitAllAsync(scenario.Output);

        await scenario.FinalizeWithCardAsync(thumbnail: null);

        var statistics = (await new DatasetReader(scenario.Output).FindAsync(Stop))!.Statistics!;
        Assert.Equal((5, 1, 4), (statistics.Rows, statistics.Failures["empty_file"], statistics.Labels[0].Count));
    }

    [Fact]
    public async Task A_shard_that_an_earlier_version_committed_leaves_the_statistics_out()
    {
        using var scenario = await CommitScenario.CreateAsync();
        await scenario.CommitAllAsync(scenario.Output);
        var commit = System.Text.Json.Nodes.JsonNode.Parse(await scenario.ReadAsync(OutputLayout.CommitOf(1)))!.AsObject();
        commit.Remove("statistics");
        await scenario.Output.PutAsync(OutputLayout.CommitOf(1), new MemoryStream(System.Text.Encoding.UTF8.GetBytes(commit.ToJsonString())), Stop);

        await scenario.FinalizeWithCardAsync(thumbnail: null);

        Assert.Null((await new DatasetReader(scenario.Output).FindAsync(Stop))!.Statistics);
        Assert.DoesNotContain("## Statistics", await scenario.ReadAsync(OutputLayout.Card), StringComparison.Ordinal);
    }
}
