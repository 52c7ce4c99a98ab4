using System.Globalization;
using System.Text;
using Pipeline.Cli.Display;

namespace Pipeline.Cli.Benchmarks;

/// <summary>What many callers at once saw.</summary>
internal static class LoadTables
{
    private const double MiB = 1 << 20;

    public static IReadOnlyList<TitledTable> Of(LoadReport report, LoadSettings settings)
    {
        var kinds = report.Answers.Where(answer => answer.Status != 429).GroupBy(answer => answer.Kind).OrderByDescending(kind => kind.Count()).Select(kind => Row(kind.Key, [.. kind])).ToList();
        kinds.Insert(0, Row("all", [.. report.Answers.Where(answer => answer.Status != 429)]));
        kinds.Add(Row("told to wait (429)", [.. report.Answers.Where(answer => answer.Status == 429)]));
        var fifth = Math.Max(1, report.MemoryBytes.Count / 5);
        var wrong = report.Answers.Where(answer => !answer.IsExpected).CountBy(answer => $"{answer.Kind}: {answer.Status}").Select(fault => $"{fault.Key} ({fault.Value}×)").ToList();
        return
        [
            new TitledTable("Answers", ["asked for", "answers", "median, ms", "p95, ms", "p99, ms", "longest, ms"], kinds),
            new TitledTable("Sums", ["what", "number"],
            [
                ["requests a second", Number(report.Answers.Count / settings.Duration.TotalSeconds)],
                ["wrong answers", wrong.Count == 0 ? "none" : string.Join("; ", wrong)],
                ["memory of the API process, MiB: median of the second fifth of the time", Median(report.MemoryBytes.Skip(fifth).Take(fifth))],
                ["the same of the last fifth", Median(report.MemoryBytes.TakeLast(fifth))],
                ["its peak", Number(report.MemoryBytes.DefaultIfEmpty().Max() / MiB)],
                ["jobs, of which all images were annotated once", $"{report.Jobs:N0} with {report.Images:N0} images"],
                ["jobs that did not end as they should", report.Faults.Count == 0 ? "none" : string.Join("; ", report.Faults.Take(5))],
            ]),
        ];
    }

    public static string Page(IReadOnlyList<TitledTable> tables, LoadSettings settings)
    {
        var page = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            # Many callers at once

            {settings.Clients} clients, each with an API key of its own, ask one API process for {settings.Duration.TotalSeconds:0} s: jobs, shards, failures, the dashboard's pages, events, dry runs and small jobs, what is not there and what they may not. Each pauses
            {settings.Pause.TotalMilliseconds:0} ms on average between an answer and its next request, but one in twenty, which only waits when it is told to. A worker process runs their jobs and four larger ones meanwhile (with a model that only takes time); PostgreSQL, S3, API, worker and all
            clients share {Environment.ProcessorCount} cores. Keys and rate limits are those of a server on a network. Made by `benchmarks/servers ./pipeline bench load s3://bench/load`.

            """));
        foreach (var table in tables)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {table.Title}\n\n| {string.Join(" | ", table.Columns)} |\n|{string.Concat(table.Columns.Select(_ => "---|"))}\n");
            page.AppendJoin("", table.Rows.Select(row => $"| {string.Join(" | ", row)} |\n"));
        }

        return page.ToString();
    }

    private static string[] Row(string name, List<LoadAnswer> answers)
    {
        var times = answers.Select(answer => answer.Milliseconds).Order().ToList();
        return times.Count == 0
            ? [name, "0", "", "", "", ""]
            : [name, times.Count.ToString("N0", CultureInfo.InvariantCulture), At(0.5), At(0.95), At(0.99), Number(times[^1])];

        string At(double share) => Number(times[Math.Min(times.Count - 1, (int)(share * times.Count))]);
    }

    private static string Median(IEnumerable<long> bytes) => bytes.Order().ToList() is { Count: > 0 } sorted ? Number(sorted[sorted.Count / 2] / MiB) : "";

    private static string Number(double value) => value.ToString(value < 10 ? "0.0" : "N0", CultureInfo.InvariantCulture);
}
