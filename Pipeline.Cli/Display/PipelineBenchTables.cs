using System.Globalization;
using System.Text;
using Pipeline.Cli.Benchmarks;

namespace Pipeline.Cli.Display;

/// <summary>Results of <c>bench pipeline</c>.</summary>
internal static class PipelineBenchTables
{
    private const double Mebibyte = 1 << 20;

    public static IReadOnlyList<TitledTable> Of(PipelineBenchReport report, PipelineBenchSettings settings) => [Plans(report), Costs(report), ScaleOut(report, settings)];

    public static string Page(IReadOnlyList<TitledTable> tables, PipelineBenchSettings settings)
    {
        var page = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            # The pipeline around the model

            {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Mebibyte / 1024:0} GiB; clients, workers, PostgreSQL and the S3 server on the same machine.
            The model only takes time: nothing of decoding or inference is in these figures. Images are {settings.ImageBytes:N0} bytes.

            """));
        foreach (var table in tables)
        {
            page.AppendLine().AppendLine($"## {table.Title}").AppendLine().AppendLine($"| {string.Join(" | ", table.Columns)} |").AppendLine($"|{string.Concat(Enumerable.Repeat("---|", table.Columns.Count))}");
            foreach (var row in table.Rows)
            {
                page.AppendLine($"| {string.Join(" | ", row)} |");
            }
        }

        return page.ToString();
    }

    private static TitledTable Plans(PipelineBenchReport report) => new(
        "Planning: a process that lists, and writes the plan to a local folder",
        ["objects", "seconds", "CPU µs an object", "peak MiB"],
        [.. report.Plans.Select(plan => (IReadOnlyList<string>)
        [
            Text($"{plan.Objects:N0}"), Text($"{plan.Seconds:0.0}"), Text($"{plan.Cost.Cpu.TotalMicroseconds / plan.Objects:0.0}"), Text($"{plan.Cost.PeakBytes / Mebibyte:0}"),
        ])]);

    private static TitledTable Costs(PipelineBenchReport report) => new(
        Text($"Whole jobs on {report.Costs[0].Workers} workers, with a model that takes no time"),
        ["rows", "rows/s", "CPU ms a row, all workers", "peak MiB of a worker", "statements a row", "transactions a row", "database grows, bytes a row"],
        [.. report.Costs.Select(job => (IReadOnlyList<string>)
        [
            Text($"{job.Rows:N0}"), Text($"{job.RowsPerSecond:0}"), Text($"{job.Cost.Cpu.TotalMilliseconds / job.Rows:0.00}"), Text($"{job.Cost.PeakBytes / Mebibyte:0}"),
            job.After.Statements - job.Before.Statements is { } count ? Text($"{(double)count / job.Rows:0.000}") : "not counted",
            Text($"{(double)(job.After.Transactions - job.Before.Transactions) / job.Rows:0.000}"), Text($"{(double)(job.After.Bytes - job.Before.Bytes) / job.Rows:0.0}"),
        ])]);

    private static TitledTable ScaleOut(PipelineBenchReport report, PipelineBenchSettings settings)
    {
        var one = report.ScaleOut[0];
        return new TitledTable(
            Text($"Scale-out: a model that answers {settings.Slots} images at a time in {settings.Latency:0.##} s"),
            ["workers", "rows", "rows/s", "of what the models could", "efficiency", "CPU ms a row"],
            [.. report.ScaleOut.Select(job => (IReadOnlyList<string>)
            [
                Text($"{job.Workers}"), Text($"{job.Rows:N0}"), Text($"{job.RowsPerSecond:0.0}"), Text($"{job.RowsPerSecond / (job.Workers * settings.Slots / settings.Latency):0%}"),
                Text($"{job.RowsPerSecond / job.Workers / (one.RowsPerSecond / one.Workers):0.00}"), Text($"{job.Cost.Cpu.TotalMilliseconds / job.Rows:0.00}"),
            ])]);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
