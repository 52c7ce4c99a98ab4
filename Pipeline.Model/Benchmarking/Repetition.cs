using Pipeline.Model.Configuration;
using Pipeline.Model.Devices;
using Pipeline.Model.Engine;
using Pipeline.Model.Execution;
using static TorchSharp.torch;

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
        long? card = CardMemory.Of(placement.Device)?.UsedBytes;
        double[] after = await GemmClock.ReadAsync(placement, cancellationToken);
        double bandwidth = await DeviceClock.BandwidthAsync(placement, cancellationToken);
        DecodeShape shape = DecodeShape.Of(run.Texts[0], statistics.Decode.MeanItems);
        StageFlops needed = Sum(run.Texts, texts => flops.Image(texts, prefixShared: true));
        return new RepetitionResult
        {
            Images = images.Count,
            Seconds = run.Elapsed.TotalSeconds,
            PreprocessingSeconds = run.Preprocessing.TotalSeconds,
            GemmRate = before.Concat(after).Median(),
            Bandwidth = bandwidth,
            DecodeBytesPerStep = Roofline.BytesPerStep(load.Engine.Config, shape, placement),
            NeededWithoutSharing = Sum(run.Texts, texts => flops.Image(texts, prefixShared: false)),
            NeededPrefixShared = needed,
            Statistics = statistics,
            BareDecodeShape = shape,
            BareDecodeSeconds = await BareDecode.MeasureAsync(load.Engine.Config, shape, placement, cancellationToken),
            PeakBytes = peak,
            CardBytes = card,
            H100ImagesPerSecond = Roofline.IsOfH100(load.Engine.Config) ? images.Count / SecondsOfH100(load.Engine.Config, needed, statistics.Decode.Steps, shape) : null,
        };
    }

    private static double SecondsOfH100(DragonflyConfig config, StageFlops needed, long steps, DecodeShape shape) =>
        Roofline.H100.Seconds(needed, steps, Roofline.BytesPerStep(config, shape, Placement.Cpu with { Type = ScalarType.BFloat16 }));

    private static StageFlops Sum(IEnumerable<IReadOnlyList<TextLength>> images, Func<IReadOnlyList<TextLength>, StageFlops> count) =>
        images.Aggregate(default(StageFlops), (sum, texts) => sum + count(texts));
}
