using BenchmarkDotNet.Running;
using Pipeline.Benchmarks;
using Pipeline.Model.Benchmarking;

if (Environment.ProcessorCount != 1)
{
    await Console.Error.WriteLineAsync(
        $"The figures are those of one core, and {Environment.ProcessorCount} are in reach. Start the program by \"taskset -c 1\".");
    return 1;
}

if (args.Length > 1)
{
    await Console.Error.WriteLineAsync($"{args.Length} arguments, where one is expected: the Markdown file that takes the results.");
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
if (args is [var path])
{
    await File.WriteAllTextAsync(path, results);
}

return 0;
