using Pipeline.Jobs.Rows;

namespace Pipeline.Benchmarks;

/// <summary>What writing 200,000 caption rows costs: with the product's writer in small and in big files, and with ParquetSharp, turn by turn.</summary>
internal static class RowBenchmark
{
    public const int Rows = 200_000;
    public const int Rounds = 3;
    private const int SmallFile = 1_000;
    private const int BigFile = 100_000;
    private const int RowsPerGroup = 1_000;

    /// <param name="path">Markdown file that takes the results, or null.</param>
    public static async Task<int> RunAsync(string? path)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-bench-").FullName;
        try
        {
            var results = new RowResults();
            for (var round = 0; round <= Rounds; round++)
            {
                // The first is to warm up.
                foreach (var (name, write) in Cases(folder))
                {
                    var run = await write(round == 0 ? Rows / 10 : Rows);
                    Console.WriteLine($"round {round}: {name}: {run.Microseconds:F1} µs a row");
                    if (round > 0)
                    {
                        results.Add(name, run);
                    }
                }
            }

            var page = results.Write();
            Console.WriteLine(page);
            if (path is not null)
            {
                await File.WriteAllTextAsync(path, page);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<(string Name, Func<int, Task<RowRun>> Write)> Cases(string folder)
    {
        yield return ("ours, files of 1,000 rows", rows => OursAsync(folder, rows, SmallFile));
        yield return ("ours, files of 100,000 rows", rows => OursAsync(folder, rows, BigFile));
        yield return ("ParquetSharp, files of 100,000 rows", rows => Task.FromResult(ParquetSharp(folder, rows)));
    }

    private static async Task<RowRun> OursAsync(string folder, int rows, int rowsPerFile)
    {
        var run = new RowRun();
        for (var first = 0; first < rows; first += rowsPerFile)
        {
            await using var writer = ShardFileWriter.Create(Path.Combine(folder, "ours.parquet"), CaptionRows.Provenance);
            for (var start = first; start < Math.Min(rows, first + rowsPerFile); start += RowsPerGroup)
            {
                var made = Make(start);
                run.Start();
                foreach (var row in made)
                {
                    await writer.WriteAsync(row, CancellationToken.None);
                }

                run.Stop(made.Length);
            }

            run.Start();
            var file = await writer.CompleteAsync(CancellationToken.None);
            run.Stop(0);
            run.Bytes += file.Bytes;
        }

        return run;
    }

    private static RowRun ParquetSharp(string folder, int rows)
    {
        var run = new RowRun();
        var path = Path.Combine(folder, "parquetsharp.parquet");
        for (var first = 0; first < rows; first += BigFile)
        {
            run.Start();
            using var writer = new ParquetSharpRows(path, Path.Combine(folder, "ours.parquet"));
            run.Stop(0);
            for (var start = first; start < Math.Min(rows, first + BigFile); start += RowsPerGroup)
            {
                var made = Make(start);
                run.Start();
                writer.Write(made);
                run.Stop(made.Length);
            }

            run.Start();
            writer.Complete();
            run.Stop(0);
            run.Bytes += new FileInfo(path).Length;
        }

        return run;
    }

    private static AnnotationRow[] Make(int start) => [.. Enumerable.Range(start, RowsPerGroup).Select(CaptionRows.Of)];
}
