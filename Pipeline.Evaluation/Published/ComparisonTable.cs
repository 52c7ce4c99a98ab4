using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Evaluation.Protocols;
using Pipeline.Evaluation.Scoring;

namespace Pipeline.Evaluation.Published;

/// <summary>A model's figures beside the published ones, in points of 100.</summary>
/// <param name="Columns">Benchmarks by name, those of the reports that others published figures of.</param>
/// <param name="Rows">Models; a figure that there is none of is null.</param>
public sealed record ComparisonTable(IReadOnlyList<string> Columns, IReadOnlyList<ComparisonRow> Rows)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <param name="model">Name of the model that was scored.</param>
    /// <param name="reports">One a benchmark; benchmarks that nobody published are left out.</param>
    public static ComparisonTable Of(string model, IReadOnlyList<ScoreReport> reports)
    {
        List<ScoreReport> shown = [.. reports.Where(report => report.Figures.Count > 0 && PublishedModel.All.Any(other => other.Figures.ContainsKey(report.Benchmark)))];
        return new ComparisonTable(
            [.. shown.Select(report => report.Benchmark)],
            [
                new ComparisonRow($"{model} ({string.Join(", ", shown.Select(report => report.Protocol).Distinct())})", [.. shown.Select(report => (double?)(100 * report.Figures[0].Value))]),
                .. PublishedModel.All.Where(other => shown.Exists(report => other.Figures.ContainsKey(report.Benchmark))).Select(other => new ComparisonRow(
                    other.Name, [.. shown.Select(report => other.Figures.TryGetValue(report.Benchmark, out double figure) ? figure : (double?)null)])),
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

    internal static string Title(string benchmark) => Benchmark.Find(benchmark)?.Title ?? benchmark;

    private static string Points(double? figure) => figure?.ToString("0.0", CultureInfo.InvariantCulture) ?? "–";
}

/// <summary>A model's figures in the order of the table's columns.</summary>
public sealed record ComparisonRow(string Model, IReadOnlyList<double?> Figures);
