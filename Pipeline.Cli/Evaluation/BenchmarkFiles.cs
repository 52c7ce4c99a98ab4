using System.Text.Json;
using Pipeline.Cli.Commands;
using Pipeline.Evaluation.Protocols;
using Pipeline.Evaluation.Published;
using Pipeline.Evaluation.Scoring;
using Pipeline.Model.Evaluation;
using Scenes.Evaluation;

namespace Pipeline.Cli.Evaluation;

/// <summary>What an evaluation leaves beside its predictions: scores, every row's judgement, the table and chart beside published figures.</summary>
internal static class BenchmarkFiles
{
    private static readonly JsonSerializerOptions s_line = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="CommandException">A file can't be written.</exception>
    public static void Write(
        string folder, ModelScore score, Benchmark benchmark, IReadOnlyList<ScoredRow> rows, IReadOnlyDictionary<string, (string Text, double? Confidence)> answers)
    {
        Text(ModelScore.File, score.ToJson());
        Text("answers.jsonl", Lines(rows.Select(row => new { row.Item.Id, row.Item.Question, Truth = row.Item.Answer, row.Answer, row.Judgement.Parsed, row.Judgement.Score })));
        if (score.Report.Figures.Count > 0 && PublishedModel.HasFigureOf(benchmark.Name))
        {
            ComparisonFiles.Write(folder, ComparisonTable.Of([(score.Model, score.Report)]));
        }

        if (benchmark.Kind is BenchmarkKind.Judged)
        {
            Text("to-judge.jsonl", Lines(rows.Where(row => row.Answer is not null).Select(row => new { row.Item.Id, Prompt = JudgePrompt.Of(row.Item, row.Answer!) })));
        }

        var confidences = rows.Where(row => answers.TryGetValue(row.Item.Id, out var answer) && answer.Confidence is not null)
            .Select(row => (answers[row.Item.Id].Confidence!.Value, row.Judgement.Score == 1)).ToList();
        if (confidences.Count > 0)
        {
            Bytes("reliability.png", ReliabilityPlot.Draw([(benchmark.Title, Calibration.Of(confidences))]));
        }

        void Text(string name, string text) => ReportFolder.WriteText("--output", Path.Combine(folder, name), text);
        void Bytes(string name, byte[] bytes) => ReportFolder.WriteBytes("--output", Path.Combine(folder, name), bytes);
    }

    private static string Lines<T>(IEnumerable<T> rows) => string.Concat(rows.Select(row => JsonSerializer.Serialize(row, s_line) + "\n"));
}
