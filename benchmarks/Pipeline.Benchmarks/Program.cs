using Pipeline.Benchmarks;
using Pipeline.Benchmarks.Decoding;

switch (args)
{
    case ["rows", .. var results] when results.Length <= 1:
        return await RowBenchmark.RunAsync(results.SingleOrDefault());
    case ["eta", var traces, .. var results] when results.Length <= 1:
        return await EtaBenchmark.RunAsync(traces, results.SingleOrDefault());
    case ["decode", .. var results] when results.Length <= 1:
        return await DecoderBenchmark.RunAsync(results.SingleOrDefault());
    case ["fuzz", var seed, var count, .. var results] when results.Length <= 1 && int.TryParse(seed, out var first) && int.TryParse(count, out var files):
        return await FuzzBenchmark.RunAsync(first, files, results.SingleOrDefault());
    case [var name] when name != "rows":
        return await PreprocessRun.RunAsync(name);
    case []:
        return await PreprocessRun.RunAsync(null);
    default:
        await Console.Error.WriteLineAsync(
            $"\"{string.Join(' ', args)}\" is not expected: give nothing or the Markdown file that takes the results of preprocessing, or \"rows\", \"eta TRACES\", \"decode\" or \"fuzz SEED COUNT\" and that file.");
        return 1;
}
