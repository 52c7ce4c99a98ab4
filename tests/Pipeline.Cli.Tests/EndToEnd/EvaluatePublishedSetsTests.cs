using System.Text.Json;
using Pipeline.Cli.Tests.Processes;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>
/// Every benchmark on the shipped model with a small set, half of it in Parquet as published and half in JSON beside image files. The model was never taught letters and says
/// what it likes: a question is there with two truths, of which one is wrong, and one is there whose answer can't be read.
/// </summary>
public sealed class EvaluatePublishedSetsTests
{
    /// <summary>VLMEvalKit takes the only choice whose text is in the answer, and the empty text is in every one.</summary>
    private static readonly string s_choices = $"'', '{new string('z', 100)}'";
    private static readonly string s_jsonChoices = s_choices.Replace('\'', '"');
    private static readonly string s_pythonChoices = s_choices.Replace("'", "''", StringComparison.Ordinal);

    [Fact]
    public async Task Ai2d()
    {
        using var set = new PublishedSet();
        set.Parquet(
            "test-00000-of-00001.parquet",
            $"'What colour is the circle?' AS question, [{s_choices}] AS options, '0' AS answer, @0 AS image",
            $"'What colour is the circle?', [{s_choices}], '1', @0",
            $"'What colour is the circle?', [{s_choices}], '1', @bad");
        set.Json(
            "more.jsonl",
            $$"""{"id": "x1", "image": "images/1.png", "question": "What colour is the circle?", "options": [{{s_jsonChoices}}], "answer": "A"}""",
            """{"id": "x2", "image": "images/1.png", "question": "What colour is the circle?", "options": ["moon", "sun"], "answer": 1}""");

        var answers = await ScoreAsync(set, "ai2d", rows: 5, "--protocol", "vlmevalkit", "--data", "test-00000-of-00001.parquet", "more.jsonl");

        Assert.Equal(["test-00000-of-00001.parquet#1", "test-00000-of-00001.parquet#2", "test-00000-of-00001.parquet#3", "x1", "x2"], answers.Select(answer => answer.Id));
        AssertWrongAndUnparsed(answers);
    }

    [Fact]
    public async Task ScienceQa_leaves_questions_without_an_image_out()
    {
        using var set = new PublishedSet();
        set.Parquet(
            "test.parquet",
            $"@0 AS image, 'What colour is the circle?' AS question, [{s_choices}] AS choices, 0::INT8 AS answer, '' AS hint, 'grade2' AS grade, 'natural science' AS subject",
            $"@0, 'What colour is the circle?', [{s_choices}], 1, 'Look.', 'grade2', 'social science'",
            "@none, 'Which word rhymes?', ['moon', 'sun'], 1, '', 'grade3', 'language science'",
            $"@bad, 'What colour is the circle?', [{s_choices}], 1, '', 'grade2', 'natural science'");
        set.Json(
            "more.jsonl",
            """{"id": "x1", "question": "Which word rhymes?", "choices": ["moon", "sun"], "answer": 1}""",
            """{"id": "x2", "image": "images/1.png", "question": "What colour is the circle?", "choices": ["moon", "sun"], "answer": 1}""");

        var answers = await ScoreAsync(set, "scienceqa", rows: 4, "--protocol", "vlmevalkit", "--data", "test.parquet", "more.jsonl");

        AssertWrongAndUnparsed(answers);
        Assert.Contains("social science", File.ReadAllText(set["out", "score.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mmmu_joins_several_images()
    {
        using var set = new PublishedSet();
        const string None = "@none AS image_3, @none AS image_4, @none AS image_5, @none AS image_6, @none AS image_7";
        set.Parquet(
            "validation.parquet",
            $$"""'validation_Art_1' AS id, '<image 1> What colour is the circle?' AS question, '[{{s_pythonChoices}}]' AS options, @0 AS image_1, @none AS image_2, {{None}}, 'A' AS answer, 'multiple-choice' AS question_type, 'Drawing' AS subfield""",
            $$"""'validation_Art_2', '<image 1> or <image 2>: what colour is the circle?', '[{{s_pythonChoices}}]', @0, @1, {{None}}, 'B', 'multiple-choice', 'Drawing'""",
            $"'validation_Math_1', '<image 1> and <image 2>?', '[]', @0, @bad, {None}, '7', 'open', 'Geometry'",
            $"'validation_Math_2', 'How many circles are in <image 1>?', '[]', @1, @none, {None}, '1234567', 'open', 'Geometry'");
        set.Json("more.jsonl", """{"id": "validation_Art_3", "question": "What colour is <image 1>?", "options": "['moon', 'sun']", "answer": "B", "question_type": "multiple-choice", "image_1": "images/1.png"}""");

        var answers = await ScoreAsync(set, "mmmu", rows: 5, "--protocol", "vlmevalkit", "--data", "validation.parquet", "more.jsonl");

        AssertWrongAndUnparsed(answers);
        Assert.Null(answers.Single(answer => answer.Id == "validation_Math_1").Text);
        Assert.NotNull(answers.Single(answer => answer.Id == "validation_Art_2").Text);
    }

    [Fact]
    public async Task MmVet_waits_for_its_judge()
    {
        using var set = new PublishedSet();
        set.Parquet(
            "test.parquet",
            "'v1_0' AS question_id, @0 AS image, 'What colour is the circle?' AS question, 'red' AS answer, 'x' AS image_source, 'rec' AS capability",
            "'v1_1', @1, 'What colour is the circle?', 'moon <AND> sun', 'x', 'rec,know'",
            "'v1_2', @bad, 'What colour is the circle?', 'red', 'x', 'rec'");
        set.Json("more.jsonl", """{"question_id": "v1_3", "image": "images/1.png", "question": "What is there?", "answer": "x", "capability": "ocr"}""");
        string[] command = ["--data", "test.parquet", "more.jsonl"];

        var answers = await ScoreAsync(set, "mm-vet", rows: 4, command);

        Assert.Equal(3, answers.Count(answer => answer.Text is not null));
        Assert.Equal(3, File.ReadAllLines(set["out", "to-judge.jsonl"]).Length);
        set.Json("judged.jsonl", """{"id": "v1_0", "score": 1}""", """{"id": "v1_1", "score": "0.2"}""", """{"id": "v1_3", "score": 0}""");

        await ScoreAsync(set, "mm-vet", rows: 4, [.. command, "--judgements", "judged.jsonl"]);

        Assert.Equal(0.3, Score(set).GetProperty("figures")[0].GetProperty("value").GetDouble(), 9);
        Assert.Contains("| Dragonfly-8B | 35.9 |", File.ReadAllText(set["out", "table.md"]), StringComparison.Ordinal);
        set.Json("judged.jsonl", """{"id": "v1_9", "score": 1}""");
        await using var unknown = await PipelineProcess.RunAsync(set.Path, ["evaluate", "mm-vet", "--output", "out", .. command, "--judgements", "judged.jsonl"]);
        unknown.AssertExit(2);
        Assert.Contains("judged.jsonl:1: 'v1_9' is no id of the data", Assert.Single(unknown.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pope()
    {
        using var set = new PublishedSet();
        set.Parquet(
            "test.parquet",
            "'0' AS id, '1' AS question_id, 'Is there a red circle?' AS question, 'yes' AS answer, 'COCO_1' AS image_source, @0 AS image, 'adversarial' AS category",
            "'1', '1', 'Is there a red circle?', 'no', 'COCO_1', @0, 'popular'",
            "'2', '2', 'What colour is the circle?', 'no', 'COCO_1', @1, 'random'",
            "'3', '2', 'Is there a red circle?', 'no', 'COCO_2', @bad, 'random'");
        set.Json("coco_pope_random.json", """{"question_id": 9, "image": "1.png", "text": "Is there a sign?", "label": "no"}""");

        var answers = await ScoreAsync(set, "pope", rows: 5, "--data", "test.parquet", "coco_pope_random.json", "--images", "images");

        AssertWrongAndUnparsed(answers);
        Assert.NotNull(answers[4].Text);
        Assert.Equal(["adversarial", "popular", "random"], Score(set).GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("value").GetString()));
    }

    [Theory]
    [InlineData("vqa-rad")]
    [InlineData("path-vqa")]
    [InlineData("slake")]
    public async Task Medical(string benchmark)
    {
        using var set = new PublishedSet();
        set.Parquet(
            "test.parquet",
            "@0 AS image, 'Is there a red circle?' AS question, 'yes' AS answer",
            "@0, 'Is there a red circle?', 'no'",
            "@1, 'What colour is the circle?', 'red'",
            "@bad, 'Is there a red circle?', 'no'");
        set.Json(
            "test.json",
            "[",
            """{"qid": 1, "img_name": "images/1.png", "question": "What colour is the circle?", "answer": "Yes", "answer_type": "CLOSED", "q_lang": "en"},""",
            """{"qid": 2, "img_name": "images/1.png", "question": "What is there?", "answer": "Moon", "answer_type": "OPEN", "q_lang": "en"}""",
            "]");

        var answers = await ScoreAsync(set, benchmark, rows: 6, "--data", "test.parquet", "test.json");

        AssertWrongAndUnparsed(answers);
        Assert.Equal(["closed accuracy", "open token F1", "open token recall"], Score(set).GetProperty("figures").EnumerateArray().Select(figure => figure.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Captions()
    {
        using var set = new PublishedSet();
        set.Parquet(
            "test.parquet",
            "@0 AS image, 'ROCOv2_1' AS image_id, 'a red circle' AS caption, ['C1', 'C2'] AS cui",
            "@bad, 'ROCOv2_2', 'a lung', ['C1']");
        set.Json(
            "more.jsonl",
            """{"id": "x1", "image": "images/0.png", "references": ["zebras graze", "a herd of zebras"], "objects": ["circle", "square", "triangle", "star", "sign"]}""",
            """{"id": "x2", "image": "images/0.png", "references": ["zebras graze"], "objects": ["zebra"]}""");

        var answers = await ScoreAsync(set, "caption", rows: 4, "--data", "test.parquet", "more.jsonl");

        Assert.Equal(3, answers.Count(answer => answer.Text is { Length: > 0 }));
        var figures = Score(set).GetProperty("figures").EnumerateArray().ToDictionary(figure => figure.GetProperty("name").GetString()!, figure => figure.GetProperty("value").GetDouble());
        Assert.InRange(figures["ROUGE-L"], 0, 0.75);
        Assert.InRange(figures["CHAIRs"], 0, 0.5);
    }

    /// <summary>Runs it, and proves that every row is in the dataset of predictions once, and that the one with the bad image is the one failed.</summary>
    private static async Task<List<Answer>> ScoreAsync(PublishedSet set, string benchmark, int rows, params string[] command)
    {
        await using var run = await PipelineProcess.RunAsync(set.Path, ["evaluate", benchmark, "--output", "out", .. command]);

        run.AssertExit(0);
        Assert.Equal((rows, 1), (Score(set).GetProperty("rows").GetInt32(), Score(set).GetProperty("failed").GetInt32()));
        var failed = Assert.Single(Dataset.Query(set["out", "predictions"], "SELECT id, error_code FROM {0} WHERE status <> 'ok'"));
        List<Answer> answers =
        [
            .. File.ReadAllLines(set["out", "answers.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).Select(answer => new Answer(
                answer.GetProperty("id").GetString()!, answer.GetProperty("answer").GetString(), answer.GetProperty("parsed").GetString(),
                answer.GetProperty("score") is { ValueKind: JsonValueKind.Number } score ? score.GetDouble() : null)),
        ];
        Assert.Equal(Dataset.Ids(set["out", "predictions"]), answers.Select(answer => answer.Id).Order(StringComparer.Ordinal));
        Assert.Equal(failed[0], Assert.Single(answers, answer => answer.Text is null).Id);
        return answers;
    }

    private static void AssertWrongAndUnparsed(List<Answer> answers)
    {
        Assert.Contains(answers, answer => answer is { Text: not null, Parsed: not null, Score: 0 });
        Assert.Contains(answers, answer => answer is { Text: not null, Parsed: null, Score: 0 });
    }

    private static JsonElement Score(PublishedSet set) => JsonDocument.Parse(File.ReadAllText(set["out", "score.json"])).RootElement.GetProperty("report");

    private sealed record Answer(string Id, string? Text, string? Parsed, double? Score);
}
