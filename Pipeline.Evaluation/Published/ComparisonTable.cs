using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Evaluation.Protocols;
using Pipeline.Evaluation.Scoring;

namespace Pipeline.Evaluation.Published;

/// <summary>Models' figures beside the published ones, in points of 100.</summary>
/// <param name="Columns">Benchmarks by name.</param>
/// <param name="Rows">The models that were scored, then the published ones; a figure that there is none of is null.</param>
public sealed record ComparisonTable(IReadOnlyList<string> Columns, IReadOnlyList<ComparisonRow> Rows)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>A table of all benchmarks that were scored, in the order of <see cref="Benchmark.All"/>.</summary>
    /// <param name="scores">Models with their reports, each benchmark at most once a model; reports without a figure, such as MM-Vet not judged yet, are left out.</param>
    public static ComparisonTable Of(IReadOnlyList<(string Model, ScoreReport Report)> scores)
    {
        List<(string Model, ScoreReport Report)> shown = [.. scores.Where(score => score.Report.Figures.Count > 0)];
        List<string> columns = [.. Benchmark.All.Select(benchmark => benchmark.Name).Where(name => shown.Exists(score => score.Report.Benchmark == name))];
        return new ComparisonTable(
            columns,
            [
                .. shown.GroupBy(score => score.Model, score => score.Report).Select(model => new ComparisonRow(
                    $"{model.Key} ({Protocols([.. model])})", [.. columns.Select(name => 100 * model.FirstOrDefault(report => report.Benchmark == name)?.Figures[0].Value)], false)),
                .. PublishedModel.All.Where(other => columns.Exists(other.Figures.ContainsKey)).Select(other => new ComparisonRow(
                    other.Name, [.. columns.Select(name => other.Figures.TryGetValue(name, out double figure) ? figure : (double?)null)], true)),
            ]);
    }

    public string ToJson() => JsonSerializer.Serialize(this, s_json) + "\n";

    public string ToMarkdown()
    {
        StringBuilder text = new();
        text.AppendLine($"| model | {string.Join(" | ", Columns.Select(Title))} |").AppendLine($"|---|{string.Concat(Columns.Select(_ => "---:|"))}");
        foreach (ComparisonRow row in Rows)
        {
            text.AppendLine($"| {row.Model.Replace("|", "\\|", StringComparison.Ordinal)} | {string.Join(" | ", row.Figures.Select(Points))} |");
        }

        return text.ToString();
    }

    /// <summary>Columns of equal width for a terminal.</summary>
    public string ToText()
    {
        List<string[]> cells = [["model", .. Columns.Select(Title)], .. Rows.Select(row => (string[])[row.Model, .. row.Figures.Select(Points)])];
        int[] widths = [.. Enumerable.Range(0, Columns.Count + 1).Select(column => cells.Max(row => row[column].Length))];
        return string.Concat(cells.Select(row => string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))) + "\n"));
    }

    /// <summary>One name where all are scored by one protocol, otherwise each benchmark's.</summary>
    private static string Protocols(IReadOnlyList<ScoreReport> reports) => reports.Select(report => report.Protocol).Distinct().ToList() is [var only]
        ? only
        : string.Join(", ", reports.Select(report => $"{Title(report.Benchmark)} {report.Protocol}"));

    internal static string Title(string benchmark) => Benchmark.Find(benchmark)?.Title ?? benchmark;

    private static string Points(double? figure) => figure?.ToString("0.0", CultureInfo.InvariantCulture) ?? "–";
}

/// <summary>A model's figures in the order of the table's columns.</summary>
/// <param name="Model">Its name; of a scored one with its protocols.</param>
/// <param name="Figures">Points of 100; null: there is none.</param>
/// <param name="IsPublished">Whether others published them.</param>
public sealed record ComparisonRow(string Model, IReadOnlyList<double?> Figures, bool IsPublished);
