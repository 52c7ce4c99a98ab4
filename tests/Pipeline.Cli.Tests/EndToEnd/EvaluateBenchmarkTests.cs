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
            """{"question_id": "3", "image": "images/002.png", "question": "What colour is the circle?", "answer": "no", "category": "random"}""",
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
}
