using Pipeline.Cli.Display;
using Pipeline.Evaluation.Protocols;
using Pipeline.Evaluation.Published;
using Pipeline.Evaluation.Scoring;

namespace Pipeline.Cli.Evaluation;

/// <summary>The tables of a benchmark's score.</summary>
internal static class BenchmarkTables
{
    public static IEnumerable<TitledTable> Of(Benchmark benchmark, ScoreReport report, IReadOnlyList<ScoredRow> rows)
    {
        yield return new TitledTable(
            $"{benchmark.Title}, protocol {report.Protocol}: {report.Rows:N0} rows, {report.Failed:N0} failed, {report.Unparsed:N0} unparsed, {report.LeftOut:N0} left out",
            ["metric", "value", "95 % interval", "counted"],
            [.. report.Figures.Select(figure => (IReadOnlyList<string>)[figure.Name, Points(figure.Value), $"{Points(figure.Low ?? 0)} to {Points(figure.High ?? 0)}", $"{figure.Count:N0}"])]);
        if (report.Groups.Count > 0)
        {
            yield return new TitledTable(
                "By group",
                ["group", "value", "rows", "figures"],
                [.. report.Groups.Select(group => (IReadOnlyList<string>)[
                    group.Group, group.Value, $"{group.Rows:N0}", string.Join(", ", group.Figures.Select(figure => $"{figure.Name} {Points(figure.Value)}"))])]);
        }

        if (benchmark.Kind is BenchmarkKind.Labelled)
        {
            yield return new TitledTable(
                "Confusion (most frequent first)",
                ["truth", "read as", "rows"],
                [.. rows.GroupBy(row => (row.Item.Answer, Read: row.Judgement.Parsed ?? (row.Answer is null ? "(failed)" : "(unparsed)"))).OrderByDescending(group => group.Count())
                    .ThenBy(group => group.Key.Answer, StringComparer.Ordinal).ThenBy(group => group.Key.Read, StringComparer.Ordinal)
                    .Select(group => (IReadOnlyList<string>)[group.Key.Answer, group.Key.Read, $"{group.Count():N0}"])]);
        }

        if (report.Figures.Count > 0 && PublishedModel.HasFigureOf(benchmark.Name))
        {
            yield return new TitledTable(
                "Beside the published figures", ["model", benchmark.Title],
                [.. ComparisonTable.Of([("this model", report)]).Rows.Select(row => (IReadOnlyList<string>)[row.Model, $"{row.Figures[0]:0.0}"])]);
        }
    }

    private static string Points(double value) => $"{100 * value:0.0}";
}
