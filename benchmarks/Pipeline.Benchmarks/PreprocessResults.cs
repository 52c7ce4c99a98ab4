using System.Text;
using BenchmarkDotNet.Mathematics;
using BenchmarkDotNet.Reports;
using Pipeline.Model.Benchmarking;

namespace Pipeline.Benchmarks;

/// <summary>The results as a page to commit.</summary>
internal static class PreprocessResults
{
    // Median images a second on one core of the Python reference, JPEG decoding included: 5 runs over 8 images of 640 × 480.
    private const double ReferenceV1 = 10.07, ReferenceV2 = 3.44;

    private const string Command =
        $"{ImageSet.FolderVariable}=FOLDER taskset -c 1 dotnet artifacts/bin/Pipeline.Benchmarks/release/Pipeline.Benchmarks.dll RESULTS";

    public static string Write(Summary summary, string loadBefore)
    {
        var page = new StringBuilder();
        page.AppendLine($"""
            # Preprocessing on one core

            {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, `{Command}`

            {Machine.Describe()}
            - Load average (1 minute): {loadBefore} before, {Machine.Load()} after, of which the benchmark itself is 1

            Milliseconds per image, medians over all iterations of all rounds (least–greatest). *Processor*: the time the core worked for the benchmark, in the
            kernel too; images/s and the ratios are taken from it. *Elapsed*: the time that passed, with other programs' turns on the same core.
            """);
        foreach (var set in ImageSet.Names)
        {
            page.AppendLine().AppendLine($"## {ImageSet.Describe(set)}").AppendLine();
            AppendTable(page, summary, set);
        }

        page.AppendLine().AppendLine($"""
            *× reference*: images/s divided by those of the Python reference's own preprocessing on one core, {ReferenceV2:F2} (v2) and {ReferenceV1:F2} (v1), JPEG decoding
            included. Those are elapsed times of another run, on a virtual machine of this kind (2 cores, AVX-512, about 2.8 GHz), not of this machine at this hour; so the
            ratio of our elapsed time stands beside that of the processor's.
            The yardsticks are of this run, timed between the other rows: libvips' resize of the decoded image, and a copy of the bytes of v2's 41 crops.
            """);
        return page.ToString();
    }

    private static void AppendTable(StringBuilder page, Summary summary, string set)
    {
        var rows = summary.Reports
            .Where(report => (string)report.BenchmarkCase.Parameters[nameof(PreprocessBenchmarks.Images)] == set)
            .GroupBy(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name)
            .ToDictionary(row => row.Key, row => (Processor: Times(row, BenchmarkSettings.ProcessorTime), Elapsed: Times(row, BenchmarkSettings.ElapsedTime)));
        var resize = rows[nameof(PreprocessBenchmarks.LibvipsResize)].Processor.Median;
        var copy = rows[nameof(PreprocessBenchmarks.Copy)].Processor.Median;
        page.AppendLine("| | processor ms | elapsed ms | images/s | × reference (elapsed) | ÷ libvips' resize | ÷ copy |");
        page.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var (method, (processor, elapsed)) in rows)
        {
            var (what, reference) = Row(method);
            var rate = 1_000 / processor.Median;
            page.AppendLine(
                $"| {what} | {Show(processor)} | {Show(elapsed)} | {rate:F1} | {(reference is { } slow ? $"{rate / slow:F1} ({1_000 / elapsed.Median / slow:F1})" : "")} "
                + $"| {processor.Median / resize:F3} | {processor.Median / copy:F2} |");
        }
    }

    private static (string What, double? Reference) Row(string method) => method switch
    {
        nameof(PreprocessBenchmarks.V2) => ("v2: JPEG to 41 crops of 336²", ReferenceV2),
        nameof(PreprocessBenchmarks.V2Pixels) => ("v2: decoded pixels to crops", null),
        nameof(PreprocessBenchmarks.V1) => ("v1: JPEG to 29 crops of 224²", ReferenceV1),
        nameof(PreprocessBenchmarks.V1Pixels) => ("v1: decoded pixels to crops", null),
        nameof(PreprocessBenchmarks.Decode) => ("JPEG decoding alone", null),
        nameof(PreprocessBenchmarks.LibvipsResize) => ("yardstick: libvips, cubic, to 2016²", null),
        nameof(PreprocessBenchmarks.Copy) => ("yardstick: copy of 13.9 MB", null),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "No row is known for this benchmark."),
    };

    private static string Show(Statistics times) => $"{times.Median:F2} ({times.Min:F2}–{times.Max:F2})";

    private static Statistics Times(IEnumerable<BenchmarkReport> reports, string job) => new(reports
        .Where(report => report.BenchmarkCase.Job.Id == job)
        .SelectMany(report => report.GetResultRuns())
        .Select(run => run.GetAverageTime().Nanoseconds / 1e6));
}
