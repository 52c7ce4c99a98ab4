using System.Text.Json.Nodes;
using Pipeline.Cli.Tests.Processes;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>Answers that an earlier dataset holds, from the command line to the dataset.</summary>
public sealed class ReuseTests
{
    private const string Answers = "SELECT sha256, caption, labels[1].answer AS answer, job_id FROM {0} ORDER BY sha256";

    [Fact]
    public async Task A_collection_that_grew_and_was_sorted_anew_costs_what_is_new_in_it()
    {
        using var folder = new TemporaryFolder();
        var names = SmallImages.Draw(folder["in"], 7);
        File.Move(folder["in", names[6]], folder["new.png"]);
        string[] asked = ["--caption", "Describe it.", "--question", "Is it red? [yes-no]", "--max-tokens", "6", "--max-retries", "0", "--shard-size", "3"];
        await using var first = await PipelineProcess.RunAsync(folder.Path, ["annotate", "in", "--output", "out", .. asked]);
        first.AssertExit(0);
        Directory.CreateDirectory(folder["in", "sub"]);
        File.Move(folder["in", names[0]], folder["in", "sub", "z.png"]);
        File.Move(folder["new.png"], folder["in", "a.png"]);

        await using var second = await PipelineProcess.RunAsync(folder.Path, ["annotate", "in", "--output", "out2", .. asked, "--reuse", "out"]);

        second.AssertExit(0);
        var before = Dataset.Query(folder["out"], Answers);
        var after = Dataset.Query(folder["out2"], Answers);
        Assert.Equal(7, after.Count);
        var fresh = Assert.Single(after, row => (string)row[3]! != (string)before[0][3]!);
        Assert.Equivalent(before, after.Where(row => row != fresh).ToList());
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(folder["out2", "manifest.json"], TestContext.Current.CancellationToken))!;
        Assert.Equal(6, manifest["statistics"]!["reused"]!.GetValue<int>());
        await using var check = await PipelineProcess.RunAsync(folder.Path, "check", "out2");
        check.AssertExit(0);
    }

    [Fact]
    public async Task What_is_no_finished_dataset_is_refused_in_the_words_of_the_command_line()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["in"], 1);

        await using var annotate = await PipelineProcess.RunAsync(folder.Path, "annotate", "in", "--output", "out", "--reuse", "in");

        annotate.AssertExit(2);
        Assert.Contains("--reuse: ", Assert.Single(annotate.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("no finished dataset: give the output of a completed job", annotate.Error, StringComparison.Ordinal);
    }
}
