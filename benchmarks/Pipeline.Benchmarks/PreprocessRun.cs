using BenchmarkDotNet.Running;
using Pipeline.Model.Benchmarking;

namespace Pipeline.Benchmarks;

/// <summary>Preprocessing of images on one core.</summary>
internal static class PreprocessRun
{
    /// <param name="path">Markdown file that takes the results, or null.</param>
    public static async Task<int> RunAsync(string? path)
    {
        if (Environment.ProcessorCount != 1)
        {
            await Console.Error.WriteLineAsync(
                $"The figures are those of one core, and {Environment.ProcessorCount} are in reach. Start the program by \"taskset -c 1\".");
            return 1;
        }

        var loadBefore = Machine.Load();
        var summary = BenchmarkRunner.Run<PreprocessBenchmarks>(BenchmarkSettings.Create());
        if (summary.HasCriticalValidationErrors || !summary.Reports.All(report => report.Success))
        {
            return 1;
        }

        var results = PreprocessResults.Write(summary, loadBefore);
        Console.WriteLine(results);
        if (path is not null)
        {
            await File.WriteAllTextAsync(path, results);
        }

        return 0;
    }
}
