using Pipeline.Benchmarks;

switch (args)
{
    case ["rows", .. var results] when results.Length <= 1:
        return await RowBenchmark.RunAsync(results.SingleOrDefault());
    case ["eta", .. var results] when results.Length <= 1:
        return await EtaBenchmark.RunAsync(results.SingleOrDefault());
    case [var name] when name != "rows":
        return await PreprocessRun.RunAsync(name);
    case []:
        return await PreprocessRun.RunAsync(null);
    default:
        await Console.Error.WriteLineAsync(
            $"\"{string.Join(' ', args)}\" is not expected: give nothing or the Markdown file that takes the results of preprocessing, or \"rows\" or \"eta\" and that file.");
        return 1;
}
