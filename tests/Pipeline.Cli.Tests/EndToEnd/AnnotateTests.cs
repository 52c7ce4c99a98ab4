using System.Text.Json;
using Pipeline.Cli.Tests.Processes;
using Pipeline.TestServers;

namespace Pipeline.Cli.Tests.EndToEnd;

public sealed class AnnotateTests
{
    private static readonly string[] s_quick = ["--question", "Is it red? [yes-no]"];

    [Fact]
    public async Task Every_nasty_file_ends_as_one_row_with_its_failure_or_an_annotation()
    {
        using var folder = new TemporaryFolder();
        NastyFiles.Write(folder["in"]);
        await using var annotate = PipelineProcess.Start(
            folder.Path, [], ["annotate", "in", "--output", "out", "--shard-size", "5", "--caption", "Describe", "--max-tokens", "4", .. s_quick]);
        await annotate.UntilAsync(() => File.Exists(folder["out", "_pipeline", "plan.json"]));
        File.Delete(folder["in", NastyFiles.Vanishing]);
        await annotate.WaitAsync();

        annotate.AssertExit(0);
        var rows = Dataset.Query(
            folder["out"],
            "SELECT id, status, error_code, error_message, caption, len(labels), width, format FROM {0} ORDER BY id");
        Assert.Equal(NastyFiles.Expected.Keys.Order(StringComparer.Ordinal), rows.Select(row => (string)row[0]!).Order(StringComparer.Ordinal));
        Assert.All(rows, row =>
        {
            var failure = NastyFiles.Expected[(string)row[0]!];
            Assert.True(failure == (string?)row[2], $"{row[0]}: {row[2] ?? "no failure"} ({row[3]}), expected {failure ?? "none"}");
            Assert.Equal(failure is null ? "ok" : "failed", row[1]);
            Assert.Equal(failure is null, row[3] is null);
            Assert.Equal(failure is null, row[4] is not null);
            Assert.Equal(failure is null, row[7] is not null);
        });
        Assert.Contains("6 failed", annotate.Output);
        Assert.Contains("source_missing", annotate.Output);
        Assert.Contains("bomb.png", annotate.Output);
    }

    [Fact]
    public async Task The_real_photographs_are_annotated_one_row_each_and_DuckDB_reads_them()
    {
        var photos = ReferenceData.Folder("photos");
        using var folder = new TemporaryFolder();

        await using var annotate = await PipelineProcess.RunAsync(
            folder.Path,
            "annotate", photos, "--output", "out/photos",
            "--question", "What is in the picture?", "--question", "Is there a dog? [yes-no]", "--question", "Which is it? [photo|painting|x-ray]",
            "--max-tokens", "8");

        annotate.AssertExit(0);
        var rows = Dataset.Query(
            folder["out", "photos"],
            """
            SELECT id, status, caption, list_transform(labels, label -> label.question_id), labels[2].answer IN ('yes', 'no'),
                labels[3].answer IN ('photo', 'painting', 'x-ray'), round(list_sum(list_transform(labels[3].choices, choice -> choice.probability)), 6),
                sha256
            FROM {0} ORDER BY id
            """);
        Assert.Equal(["ROCO_04197.jpg", "monalisa_dog.jpg", "skateboard.png"], rows.Select(row => row[0]));
        Assert.All(rows, row =>
        {
            Assert.Equal("ok", row[1]);
            Assert.Null(row[2]);
            Assert.Equal(["q1", "q2", "q3"], (IEnumerable<string>)row[3]!);
            Assert.Equal([true, true, 1.0], row[4..7]);
            Assert.Equal(64, ((string)row[7]!).Length);
        });
    }

    [Fact]
    public async Task Every_kind_of_question_and_sampling_come_from_the_command_line()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["in"], 2);

        await using var annotate = await PipelineProcess.RunAsync(
            folder.Path, "annotate", "in", "--output", "out", "--caption", "Describe", "--max-tokens", "8", "--max-retries", "1",
            "--temperature", "0.8", "--top-p", "0.95", "--seed", "3", "--logprobs",
            "--question", "What is it?", "--question", "Red? [yes-no]", "--question", "Which? [red|blue]", "--question", "Which ones? [multi-choice: red|blue|green]",
            "--question", "How many? [number]", "--question", "Which plate? [regex: [A-Z]{2}-[0-9]{1,2}]");

        annotate.AssertExit(0);
        var rows = Dataset.Query(
            folder["out"],
            """
            SELECT list_transform(labels, label -> label.kind), len(labels[4].choices), labels[5].answer::DOUBLE = labels[5].value,
                regexp_full_match(labels[6].answer, '[A-Z]{{2}}-[0-9]{{1,2}}'), len(caption_logprobs) = caption_tokens, len(caption_rejected) <= 1
            FROM {0}
            """);
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row =>
        {
            Assert.Equal(["open", "yes-no", "choice", "multi-choice", "number", "regex"], (IEnumerable<string>)row[0]!);
            Assert.Equal([3L, true, true, true, true], row[1..]);
        });
    }

    [Fact]
    public async Task After_a_kill_the_same_command_finishes_without_redoing_what_was_committed()
    {
        using var folder = new TemporaryFolder();
        var names = SmallImages.Draw(folder["in"], 24);
        string[] command = ["annotate", "in", "--output", "out", "--shard-size", "2", .. s_quick];

        await using var killed = PipelineProcess.Start(folder.Path, [], command);
        await killed.UntilAsync(() => Dataset.Commits(folder["out"]).Count >= 3);
        var decoders = killed.Children();
        await killed.KillAsync();
        Assert.NotEmpty(decoders);
        await PipelineProcess.EndedAsync(decoders);
        var commits = Dataset.Commits(folder["out"]);
        var data = Dataset.Files(folder["out", "data"]);
        Assert.InRange(commits.Count, 3, 11);
        Assert.False(File.Exists(folder["out", "_SUCCESS"]));
        await using var soFar = await PipelineProcess.RunAsync(folder.Path, "manifest", "out");
        soFar.AssertExit(0);
        var manifest = JsonDocument.Parse(soFar.Output).RootElement;
        Assert.Equal((data.Count * 2, 24), (manifest.GetProperty("rows").GetInt32(), manifest.GetProperty("planned_rows").GetInt32()));
        Assert.Equal(data.Keys.Order(), manifest.GetProperty("files").EnumerateArray().Select(file => Path.GetFileName(file.GetProperty("file").GetString())));

        await using var again = await PipelineProcess.RunAsync(folder.Path, command);

        again.AssertExit(0);
        Assert.Equal(names, Dataset.Ids(folder["out"]));
        var later = Dataset.Commits(folder["out"]);
        Assert.Equal(12, later.Count);
        Assert.All(commits, commit => Assert.Equal(commit.Value, later[commit.Key]));
        var laterData = Dataset.Files(folder["out", "data"]);
        Assert.Equal(12, laterData.Count);
        Assert.All(data, file => Assert.Equal(file.Value, laterData[file.Key]));
        Assert.Empty(Dataset.Files(folder["out", "_pipeline", "staged"]));
        Assert.True(File.Exists(folder["out", "_SUCCESS"]));

        await using var proved = await PipelineProcess.RunAsync(folder.Path, "check", "out");
        proved.AssertExit(0);
        Assert.Contains("24 rows in 12 files", proved.Output, StringComparison.Ordinal);
        File.Delete(folder["out", "data", data.Keys.First()]);
        await using var refuted = await PipelineProcess.RunAsync(folder.Path, "check", "out");
        refuted.AssertExit(1);
        Assert.Contains($"{data.Keys.First()}' is gone", refuted.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_stops_cleanly_and_the_same_command_goes_on()
    {
        using var folder = new TemporaryFolder();
        var names = SmallImages.Draw(folder["in"], 16);
        string[] command = ["annotate", "in", "--output", "out", "--shard-size", "2", .. s_quick];

        await using var stopped = PipelineProcess.Start(folder.Path, [], command);
        await stopped.UntilAsync(() => Dataset.Commits(folder["out"]).Count >= 1);
        stopped.Interrupt();
        await stopped.WaitAsync();
        stopped.AssertExit(130);
        Assert.Contains("the same command goes on", Assert.Single(stopped.ErrorLines));
        Assert.Empty(Dataset.Files(folder["out", "_pipeline", "staged"]));

        await using var again = await PipelineProcess.RunAsync(folder.Path, command);
        again.AssertExit(0);
        Assert.Equal(names, Dataset.Ids(folder["out"]));
    }

    [Fact]
    public async Task A_finished_job_given_again_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["in"], 3);
        string[] command = ["annotate", "in", "--output", "out", .. s_quick];
        await using var first = await PipelineProcess.RunAsync(folder.Path, command);
        first.AssertExit(0);
        var success = File.ReadAllText(folder["out", "_SUCCESS"]);
        var data = Dataset.Files(folder["out", "data"]);

        await using var again = await PipelineProcess.RunAsync(folder.Path, command);

        again.AssertExit(0);
        Assert.Equal(success, File.ReadAllText(folder["out", "_SUCCESS"]));
        Assert.Equal(data, Dataset.Files(folder["out", "data"]));
    }
}
