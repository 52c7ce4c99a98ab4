using Pipeline.Cli.Tests.Processes;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>A manifest with words and questions of its rows, from the command line to the dataset.</summary>
public sealed class ManifestTests
{
    [Fact]
    public async Task A_manifest_becomes_a_dataset_in_which_every_line_is_a_row()
    {
        using var folder = new TemporaryFolder();
        var names = SmallImages.Draw(folder["in"], 3);
        await File.WriteAllLinesAsync(folder["in", "list.csv"],
        [
            "name,file,thing,ask",
            $"one,{names[0]},circle,",
            $"two,file://{folder["in", names[1]]},square,Is it {{big}}?",
            $"three,{names[2]},,",
            "four,gone.png,line,",
        ], TestContext.Current.CancellationToken);

        await using var annotate = await PipelineProcess.RunWithAsync(
            folder.Path, new Dictionary<string, string>(),
            "annotate", folder["in", "list.csv"], "--output", folder["out"], "--id-column", "name", "--questions-column", "ask", "--image-column", "file",
            "--question", "Is there a {thing}? [yes-no]");

        annotate.AssertExit(0);
        var rows = Dataset.Query(folder["out"], "SELECT id, error_code, error_message, len(labels), labels[1].question, labels[2].question FROM {0} ORDER BY id");
        Assert.Equal(["four", "list.csv#line-4", "one", "two"], rows.Select(row => row[0]));
        Assert.Equal(["source_missing", "invalid_row", null, null], rows.Select(row => row[1]));
        Assert.Contains("list.csv, line 4: it has no 'thing', which the prompts ask with: fill that column.", rows[1][2] as string, StringComparison.Ordinal);
        Assert.Equal(["Is there a circle?", "Is there a square?"], rows.Skip(2).Select(row => row[4]));
        Assert.Equal([null, "Is it {big}?"], rows.Skip(2).Select(row => row[5]));
        Assert.Equal(2, Dataset.Query(folder["out"], "SELECT DISTINCT prompt_hash FROM {0} WHERE status = 'ok'").Count);
    }

    [Fact]
    public async Task What_is_wrong_with_the_columns_is_told_in_the_words_of_the_command_line()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["in"]);
        await File.WriteAllTextAsync(folder["in", "list.csv"], "photo\na.jpg\n", TestContext.Current.CancellationToken);

        await using var annotate = await PipelineProcess.RunWithAsync(
            folder.Path, new Dictionary<string, string>(), "annotate", folder["in", "list.csv"], "--output", folder["out"], "--id-column", "nr");

        annotate.AssertExit(2);
        Assert.Contains("--image-column: There is no column 'image', 'uri'", annotate.Error, StringComparison.Ordinal);
        Assert.Contains("--id-column: There is no column 'nr': the columns of 'list.csv' are 'photo'.", annotate.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }
}
