using Pipeline.Model.Engine;
using Pipeline.Model.Execution;

namespace Pipeline.Model.Benchmarking;

/// <summary>One timed run of a workload, between two readings of the machine's rate.</summary>
internal static class Repetition
{
    public static async Task<RepetitionResult> RunAsync(
        EngineLoad load, FlopCounter flops, Workload workload, IReadOnlyList<byte[]> images, CancellationToken cancellationToken)
    {
        Placement placement = load.Engine.Placement;
        double[] before = await GemmClock.ReadAsync(placement, cancellationToken);
        ProcessMemory.ResetPeak();
        EngineStatistics earlier = load.Engine.Statistics;
        LoadResult run = await load.RunAsync(workload, images, cancellationToken);
        EngineStatistics statistics = load.Engine.Statistics.Since(earlier);
        long peak = ProcessMemory.PeakBytes();
        double[] after = await GemmClock.ReadAsync(placement, cancellationToken);
        double bandwidth = await DeviceClock.BandwidthAsync(placement, cancellationToken);
        DecodeShape shape = DecodeShape.Of(run.Texts[0], statistics.Decode.MeanItems);
        return new RepetitionResult
        {
            Images = images.Count,
            Seconds = run.Elapsed.TotalSeconds,
            PreprocessingSeconds = run.Preprocessing.TotalSeconds,
            GemmRate = before.Concat(after).Median(),
            Bandwidth = bandwidth,
            DecodeBytesPerStep = Roofline.BytesPerStep(load.Engine.Config, shape, placement),
            NeededWithoutSharing = Sum(run.Texts, texts => flops.Image(texts, prefixShared: false)),
            NeededPrefixShared = Sum(run.Texts, texts => flops.Image(texts, prefixShared: true)),
            Statistics = statistics,
            BareDecodeShape = shape,
            BareDecodeSeconds = await BareDecode.MeasureAsync(load.Engine.Config, shape, placement, cancellationToken),
            PeakBytes = peak,
        };
    }

    private static StageFlops Sum(IEnumerable<IReadOnlyList<TextLength>> images, Func<IReadOnlyList<TextLength>, StageFlops> count) =>
        images.Aggregate(default(StageFlops), (sum, texts) => sum + count(texts));
}
