using System.Globalization;
using Pipeline.Model.Benchmarking;

namespace Pipeline.Cli.Display;

/// <summary>The tables of a benchmark's results.</summary>
internal static class BenchTables
{
    private const string Unknown = "–", Rate = "0.000";
    private const double Giga = 1e9, Gibibyte = 1L << 30;

    public static IReadOnlyList<TitledTable> Of(EngineBenchmarkReport report) =>
        [EndToEnd(report), Ratios(report), AgainstRoofline(report), Milliseconds(report), Stages(report), Flops(report)];

    private static TitledTable EndToEnd(EngineBenchmarkReport report) => new(
        "End to end, from the bytes of JPEGs to text",
        ["workload", "prompts × images", "images/s", "least–most", "tokens/s", "batch fill", "idle", "peak GiB", "card GiB"],
        [.. report.Results.Select(result => (IReadOnlyList<string>)
        [
            result.Name, $"{result.Prompts} × {result.Images}", Number(result.Median(PerSecond), Rate),
            string.Join('–', ((double[])[result.Repetitions.Min(PerSecond), result.Repetitions.Max(PerSecond)]).Select(rate => Number(rate, Rate))),
            Number(result.Median(run => run.TokensPerSecond), "0.0"), Percent(result.Median(run => run.Statistics.BatchFill)), Percent(result.Median(run => run.IdleShare), "0.0"),
            Number(result.Repetitions.Max(run => run.PeakBytes) / Gibibyte, "0.0"), Number(result.Repetitions.Max(run => run.CardBytes) / Gibibyte, "0.0"),
        ])]);

    private static TitledTable Ratios(EngineBenchmarkReport report) => new(
        "End to end: FLOPs needed ÷ time ÷ GEMM, in two readings",
        ["workload", "GEMM GFLOP/s", "nothing shared", "× reference", "image counted once", "goal, counted once"],
        [.. report.Results.Select(result => (IReadOnlyList<string>)
        [
            result.Name, Number(result.Median(run => run.GemmRate / Giga), "0"), Percent(result.Median(run => run.NeededWithoutSharingRatio)),
            result.SpeedUp is { } times ? Number(times, "0.00") : Unknown, Percent(result.Median(run => run.NeededPrefixSharedRatio)),
            result.Reference is { } reference ? $"≥ {Percent(reference.Target)}" : Unknown,
        ])]);

    private static TitledTable AgainstRoofline(EngineBenchmarkReport report) => new(
        "Against the device's roofline: products at the GEMM rate, decode's weights and cached positions at the rate of a copy",
        ["workload", "copy GB/s", "decode GB a step", "decode ÷ copy", "roofline images/s", "reached", "H100 images/s", "of an H100"],
        [.. report.Results.Select(result => (IReadOnlyList<string>)
        [
            result.Name, Number(result.Median(run => run.Bandwidth / Giga), "0.0"), Number(result.Median(run => run.DecodeBytesPerStep / Giga), "0.00"),
            Percent(result.Median(run => run.DecodeBandwidthRatio)), Number(result.Median(run => run.RooflineImagesPerSecond), Rate), Percent(result.Median(run => run.RooflineRatio)),
            Number(result.Median(run => run.H100ImagesPerSecond ?? double.NaN), Rate), Percent(result.Median(run => run.H100Ratio ?? double.NaN)),
        ])]);

    private static TitledTable Milliseconds(EngineBenchmarkReport report) => new(
        "Milliseconds an image",
        ["workload", "vision", "image prefill", "text prefill", "decode", "idle", "other", "total", "preprocessing (beside)"],
        [.. report.Results.Select(result => (IReadOnlyList<string>)
        [
            result.Name,
            PerImage(result, run => run.Statistics.Vision.Time.TotalSeconds), PerImage(result, run => run.Statistics.ImagePrefill.Time.TotalSeconds),
            PerImage(result, run => run.Statistics.TextPrefill.Time.TotalSeconds), PerImage(result, run => run.Statistics.Decode.Time.TotalSeconds),
            PerImage(result, run => run.Statistics.Idle.TotalSeconds), PerImage(result, run => run.OtherSeconds),
            PerImage(result, run => run.Seconds), PerImage(result, run => run.PreprocessingSeconds),
        ])]);

    private static TitledTable Stages(EngineBenchmarkReport report) => new(
        "By stage: FLOPs needed (image counted once) ÷ time of the stage ÷ GEMM; decode against its matrix products alone",
        [
            "workload", "vision", "image prefill", "text prefill", "both", "decode", "sequences", "step ms", "bare ms", "bare ÷ step", "MFU vision", "MFU prefill", "MFU decode",
        ],
        [.. report.Results.Select(result => (IReadOnlyList<string>)
        [
            result.Name,
            Percent(result.Median(run => run.VisionRatio)), Percent(result.Median(run => run.ImagePrefillRatio)),
            Percent(result.Median(run => run.TextPrefillRatio)), Percent(result.Median(run => run.PrefillRatio)),
            Percent(result.Median(run => run.DecodeRatio), "0.0"), Number(result.Median(run => run.Statistics.Decode.MeanItems), "0.0"),
            Number(result.Median(run => run.DecodeStepSeconds) * 1e3, "0.0"), Number(result.Median(run => run.BareDecodeSeconds) * 1e3, "0.0"),
            Percent(result.Median(run => run.DecodeToBareRatio)),
            Utilization(report, result, run => run.VisionRatio), Utilization(report, result, run => run.PrefillRatio), Utilization(report, result, run => run.DecodeRatio),
        ])]);

    private static TitledTable Flops(EngineBenchmarkReport report) => new(
        "GFLOP needed an image",
        ["workload", "reading", "vision", "image prefill", "text prefill", "decode", "sum"],
        [.. report.Results.SelectMany(result => (IReadOnlyList<string>[])
        [
            FlopsRow(result, "nothing shared", result.Repetitions[0].NeededWithoutSharing),
            FlopsRow(result, "image counted once", result.Repetitions[0].NeededPrefixShared),
        ])]);

    private static IReadOnlyList<string> FlopsRow(WorkloadResult result, string reading, StageFlops flops) =>
    [
        result.Name, reading,
        .. ((double[])[flops.Vision, flops.ImagePrefill, flops.TextPrefill, flops.Decode, flops.Total])
            .Select(value => (value / Giga / result.Images).ToString("N1", CultureInfo.InvariantCulture)),
    ];

    private static double PerSecond(RepetitionResult run) => run.ImagesPerSecond;

    private static string PerImage(WorkloadResult result, Func<RepetitionResult, double> seconds) =>
        (result.Median(run => seconds(run) / run.Images) * 1e3).ToString("N1", CultureInfo.InvariantCulture);

    /// <summary>From a ratio to the measured rate of matrix products to one to the maker's figure.</summary>
    private static string Utilization(EngineBenchmarkReport report, WorkloadResult result, Func<RepetitionResult, double> ratio) =>
        Percent(result.Median(run => ratio(run) * run.GemmRate) / report.PeakRate ?? double.NaN, "0.0");

    private static string Percent(double ratio, string format = "0") => double.IsFinite(ratio) ? Number(ratio * 100, format) + " %" : Unknown;

    private static string Number(double? value, string format) =>
        value is { } number && double.IsFinite(number) ? number.ToString(format, CultureInfo.InvariantCulture) : Unknown;
}
