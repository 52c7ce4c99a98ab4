using System.Text.Json;
using Pipeline.Cli.Tests.Processes;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>Published benchmarks as people run them, on the shipped model with small sets.</summary>
public sealed class EvaluateBenchmarkTests
{
    [Fact]
    public async Task Pope_is_asked_scored_and_put_beside_the_published_figures_and_again_gives_the_same()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["images"], 3);
        File.WriteAllText(folder["images", "bad.png"], "no image");
        File.WriteAllLines(folder["pope.jsonl"],
        [
            """{"question_id": "1", "image": "images/000.png", "question": "Is there a dog?", "answer": "no", "category": "random"}""",
            """{"question_id": "2", "image": "images/001.png", "question": "Is there a dog?", "answer": "yes", "category": "popular"}""",
            """{"question_id": "3", "image": "images/002.png", "question": "What is written on the sign?", "answer": "no", "category": "random"}""",
            """{"question_id": "4", "image": "images/bad.png", "question": "Is there a cat?", "answer": "yes", "category": "popular"}""",
        ]);
        string[] command = ["evaluate", "pope", "--data", "pope.jsonl", "--output", "out"];

        await using var run = await PipelineProcess.RunAsync(folder.Path, command);

        run.AssertExit(0);
        Assert.Contains("protocol lmms-eval: 4 rows, 1 failed", run.Output, StringComparison.Ordinal);
        Assert.Contains("Dragonfly-8B", File.ReadAllText(folder["out", "table.md"]), StringComparison.Ordinal);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(folder["out", "table.png"])[..4]);
        var answers = File.ReadAllLines(folder["out", "answers.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["1", "2", "3", "4"], answers.Select(answer => answer.GetProperty("id").GetString()));
        Assert.Equal(JsonValueKind.Null, answers[3].GetProperty("answer").ValueKind);
        Assert.Contains(answers, answer => answer.GetProperty("parsed").ValueKind is JsonValueKind.Null && answer.GetProperty("answer").ValueKind is JsonValueKind.String);
        var score = File.ReadAllText(folder["out", "score.json"]);

        await using var again = await PipelineProcess.RunAsync(folder.Path, command);

        again.AssertExit(0);
        Assert.Equal(score, File.ReadAllText(folder["out", "score.json"]));
    }

    [Fact]
    public async Task An_evaluation_that_is_killed_goes_on_where_it_was_and_gives_the_score_of_one_that_was_not()
    {
        using var folder = new TemporaryFolder();
        var names = SmallImages.Draw(folder["images"], 10);
        File.WriteAllLines(folder["pope.jsonl"], Enumerable.Range(0, 250).Select(i =>
            $$"""{"id": "{{i}}", "image": "images/{{names[i % 10]}}", "question": "Is there a {{i}}?", "answer": "{{(i % 3 == 0 ? "yes" : "no")}}", "category": "{{i % 2}}"}"""));
        await using var whole = await PipelineProcess.RunAsync(folder.Path, "evaluate", "pope", "--data", "pope.jsonl", "--output", "whole");
        whole.AssertExit(0);
        string[] command = ["evaluate", "pope", "--data", "pope.jsonl", "--output", "out"];

        await using var killed = PipelineProcess.Start(folder.Path, [], command);
        await killed.UntilAsync(() => Dataset.Commits(folder["out", "predictions"]).Count > 0);
        await killed.KillAsync();
        var committed = Dataset.Commits(folder["out", "predictions"]);
        Assert.False(File.Exists(folder["out", "score.json"]));

        await using var again = await PipelineProcess.RunAsync(folder.Path, command);

        again.AssertExit(0);
        Assert.Equal(File.ReadAllText(folder["whole", "score.json"]), File.ReadAllText(folder["out", "score.json"]));
        Assert.Equal(File.ReadAllText(folder["whole", "answers.jsonl"]), File.ReadAllText(folder["out", "answers.jsonl"]));
        var all = Dataset.Commits(folder["out", "predictions"]);
        Assert.All(committed, commit => Assert.Equal(commit.Value, all[commit.Key]));
        Assert.Equal(250, Dataset.Ids(folder["out", "predictions"]).Distinct().Count());
    }

    [Fact]
    public async Task Several_scores_make_one_table_and_a_folder_of_other_questions_is_refused()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder.Path, 1);
        File.WriteAllText(folder["pope.jsonl"], """{"id": "1", "image": "000.png", "question": "Is there a dog?", "answer": "no"}""");
        File.WriteAllText(folder["slake.jsonl"], """{"id": "1", "image": "000.png", "question": "Is there a lung?", "answer": "no"}""");
        await using var pope = await PipelineProcess.RunAsync(folder.Path, "evaluate", "pope", "--data", "pope.jsonl", "--output", "out/pope");
        pope.AssertExit(0);
        await using var slake = await PipelineProcess.RunAsync(folder.Path, "evaluate", "slake", "--data", "slake.jsonl", "--output", "out/slake");
        slake.AssertExit(0);

        await using var other = await PipelineProcess.RunAsync(folder.Path, "evaluate", "slake", "--protocol", "llava-med-legacy", "--data", "slake.jsonl", "--output", "out/slake");
        other.AssertExit(2);
        Assert.Contains("holds an evaluation of other data, columns or prompts", Assert.Single(other.ErrorLines), StringComparison.Ordinal);

        await using var table = await PipelineProcess.RunAsync(folder.Path, "evaluate", "table", "out/slake", "out/pope", "--output", "out/table");
        table.AssertExit(0);
        Assert.Equal(File.ReadAllText(folder["out", "table", "table.txt"]).TrimEnd(), table.Output.TrimEnd());
        var markdown = File.ReadAllLines(folder["out", "table", "table.md"]);
        Assert.Equal("| model | POPE | SLAKE |", markdown[0]);
        Assert.Contains("(SLAKE strict, POPE lmms-eval) |", markdown[2], StringComparison.Ordinal);
        Assert.Contains("| Dragonfly-8B | 91.2 | – |", markdown);
        Assert.Contains("| Dragonfly-Med-8B | – | 90.4 |", markdown);
        Assert.Equal(2, JsonDocument.Parse(File.ReadAllText(folder["out", "table", "table.json"])).RootElement.GetProperty("columns").GetArrayLength());
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(folder["out", "table", "table.png"])[..4]);

        await using var twice = await PipelineProcess.RunAsync(folder.Path, "evaluate", "table", "out/pope", "out/pope");
        twice.AssertExit(2);
        Assert.Contains("Two folders hold pope of", Assert.Single(twice.ErrorLines), StringComparison.Ordinal);

        await using var none = await PipelineProcess.RunAsync(folder.Path, "evaluate", "table", "out");
        none.AssertExit(2);
        Assert.Contains("'out' holds no score", Assert.Single(none.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Own_labels_give_accuracy_confusion_and_a_reliability_plot()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder.Path, 2);
        File.WriteAllLines(folder["mine.jsonl"],
        [
            """{"key": "a", "file": "000.png", "ask": "What colour is it?", "truth": "red", "labels": ["red", "blue"]}""",
            """{"key": "b", "file": "001.png", "ask": "What colour is it?", "truth": "blue", "labels": ["red", "blue"]}""",
        ]);

        await using var run = await PipelineProcess.RunAsync(
            folder.Path, "evaluate", "labels", "--data", "mine.jsonl", "--output", "out",
            "--column", "id=key", "--column", "image=file", "--column", "question=ask", "--column", "answer=truth", "--column", "choices=labels");

        run.AssertExit(0);
        Assert.Contains("Confusion", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["out", "reliability.png"]));
    }

    [Theory]
    [InlineData("no column 'answer' or 'label'", """{"id": "1", "image": "a.png", "question": "?"}""")]
    [InlineData("neither yes nor no", """{"id": "1", "image": "a.png", "question": "?", "answer": "maybe"}""")]
    [InlineData("is no JSONL", "{")]
    [InlineData("is that of", """{"id": "1", "image": "a.png", "question": "?", "answer": "yes"}""", """{"id": "1", "image": "b.png", "question": "?", "answer": "no"}""")]
    public async Task Bad_data_is_told_in_a_line(string expected, params string[] lines)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder["data.jsonl"], lines);

        await using var run = await PipelineProcess.RunAsync(folder.Path, "evaluate", "pope", "--data", "data.jsonl", "--output", "out");

        run.AssertExit(2);
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no column 'question' or 'text' (there are: id, image, answer): name yours with --column question=YOURS", "'1' AS id, @0 AS image, 'yes' AS answer")]
    [InlineData("no column 'image'", "'1' AS id, 'Is there a dog?' AS question, 'yes' AS answer")]
    [InlineData("row 2: the id '1' is that of", "'1' AS id, @0 AS image, 'Is there a dog?' AS question, 'yes' AS answer", "'1', @0, 'Is there a cat?', 'yes'")]
    public async Task Bad_parquet_is_told_in_a_line(string expected, params string[] rows)
    {
        using var set = new PublishedSet();
        set.Parquet("data.parquet", rows);

        await using var run = await PipelineProcess.RunAsync(set.Path, "evaluate", "pope", "--data", "data.parquet", "--output", "out");

        run.AssertExit(2);
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_whose_image_is_empty_is_a_row_that_failed_and_one_with_a_path_alone_is_read_from_there()
    {
        using var set = new PublishedSet();
        set.Parquet("data.parquet", "'a' AS id, @none AS image, 'Is there a dog?' AS question, 'yes' AS answer", "'b', {'bytes': NULL, 'path': 'images/1.png'}, 'Is there a dog?', 'no'");

        await using var run = await PipelineProcess.RunAsync(set.Path, "evaluate", "pope", "--data", "data.parquet", "--output", "out");

        run.AssertExit(0);
        Assert.Contains("protocol lmms-eval: 2 rows, 1 failed", run.Output, StringComparison.Ordinal);
        Assert.Equal("invalid_row", Assert.Single(Dataset.Query(set["out", "predictions"], "SELECT error_code FROM {0} WHERE status <> 'ok'"))[0]);
    }

    [Fact]
    public async Task A_file_that_is_no_parquet_is_told_in_a_line()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["data.parquet"], "<html>not found</html>");

        await using var run = await PipelineProcess.RunAsync(folder.Path, "evaluate", "pope", "--data", "data.parquet", "--output", "out");

        run.AssertExit(2);
        Assert.Contains("'data.parquet' can't be read as Parquet", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }
}
