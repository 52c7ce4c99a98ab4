using System.Globalization;
using System.Text;
using Pipeline.Model.Benchmarking;

namespace Pipeline.Benchmarks;

/// <summary>The results of <see cref="RowBenchmark"/> as a page to commit.</summary>
internal sealed class RowResults
{
    private readonly List<(string Name, List<RowRun> Runs)> _cases = [];
    private readonly string _loadBefore = Machine.Load();

    public void Add(string name, RowRun run)
    {
        if (_cases.All(one => one.Name != name))
        {
            _cases.Add((name, []));
        }

        _cases.Single(one => one.Name == name).Runs.Add(run);
    }

    public string Write()
    {
        var page = new StringBuilder();
        page.AppendLine(CultureInfo.InvariantCulture, $"""
            # Writing caption rows

            {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, `dotnet artifacts/bin/Pipeline.Benchmarks/release/Pipeline.Benchmarks.dll rows RESULTS`

            {Machine.Describe()}
            - Load average (1 minute): {_loadBefore} before, {Machine.Load()} after, of which the benchmark itself is 1

            {RowBenchmark.Rows:N0} rows with a caption of some 45 words and no questions, {RowBenchmark.Rounds} rounds through all cases after one to warm up, zstd. *Processor µs a row*: time that the processors
            worked for the process, garbage collection and kernel included, median (least–greatest). *Held*: managed memory in use after every 20,000 rows, least–greatest.

            | | processor µs a row | bytes a row | held, MB |
            |---|---:|---:|---:|
            """);
        foreach (var (name, runs) in _cases)
        {
            double[] times = [.. runs.Select(run => run.Microseconds).Order()];
            var held = runs.SelectMany(run => run.Held).ToList();
            page.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {name} | {times[times.Length / 2]:F1} ({times[0]:F1}–{times[^1]:F1}) | {(double)runs[0].Bytes / runs[0].Rows:F1} | {held.Min() / 1e6:F1}–{held.Max() / 1e6:F1} |");
        }

        page.AppendLine().AppendLine("""
            *Ours* is the writer of shards: from the row as the worker has it to the closed file, with its statistics counted and its sha256 taken. *ParquetSharp* writes the same
            rows into files of the same schema, in row groups of the same 1,000 rows, column by column through Arrow's C++ library at zstd's level 3; it counts and hashes nothing.
            """);
        return page.ToString();
    }
}
