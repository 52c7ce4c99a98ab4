using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pipeline.Benchmarks.Fuzzing;
using Pipeline.Model.Benchmarking;
using Pipeline.Worker.Hosting;

namespace Pipeline.Benchmarks.Decoding;

/// <summary>Damaged images, as many as one likes, through decoder processes: no crash of this process, no hang beyond the limit, bounded memory.</summary>
internal static class FuzzBenchmark
{
    private const int Seconds = 10;

    private static readonly string s_folder = Path.Combine("artifacts", "fuzz");

    /// <returns>1 if an image killed its process or outlasted its time.</returns>
    public static async Task<int> RunAsync(int seed, int count, string? file)
    {
        var run = new FuzzRun(new WorkerOptions { DecodeSeconds = Seconds, DecoderMemory = 1L << 30 }, seed, s_folder);
        var before = Process.GetCurrentProcess().WorkingSet64;
        var start = Stopwatch.GetTimestamp();
        await run.RunAsync(count, CancellationToken.None);
        var took = Stopwatch.GetElapsedTime(start);
        using var self = Process.GetCurrentProcess();
        var page = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            # Damaged images through the decoder processes

            {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, `dotnet artifacts/bin/Pipeline.Benchmarks/release/Pipeline.Benchmarks.dll fuzz {seed} {count} RESULTS`

            {Machine.Describe()}

            {count:N0} files, made of {SeedImages.All.Count} images of all formats by 1 to 15 random damages each, in {took.TotalMinutes:F1} minutes ({count / took.TotalSeconds:F0} a second). Limits:
            {Seconds} s and 1 GiB an image.

            | outcome | files |
            |---|---:|

            """));
        foreach (var (outcome, files) in run.Outcomes.OrderByDescending(outcome => outcome.Value))
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| {outcome} | {files:N0} |");
        }

        page.AppendLine(CultureInfo.InvariantCulture, $"""

            - Decoder processes that died: {run.Deaths}
            - Longest that an image took: {run.Slowest.TotalSeconds:F2} s, its process's start included where it was the first
            - Most memory of a decoder process: {run.PeakOfProcess / 1e6:F0} MB (looked at every 500 images), what it shares with the worker included
            - Memory of this process, which stands for the worker: {before / 1e6:F0} MB before, {self.WorkingSet64 / 1e6:F0} MB after, {self.PeakWorkingSet64 / 1e6:F0} MB at most
            - Kept in `{s_folder}`: {(run.Kept.IsEmpty ? "nothing" : string.Join(", ", run.Kept.Order()))}
            """);
        await Console.Out.WriteLineAsync(page.ToString());
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, page.ToString());
        }

        return run.Kept.IsEmpty && run.Deaths == 0 ? 0 : 1;
    }
}
