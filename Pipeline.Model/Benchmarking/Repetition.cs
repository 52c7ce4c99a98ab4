using Pipeline.Model.Engine;

namespace Pipeline.Model.Benchmarking;

/// <summary>One timed run of a workload, between two readings of the machine's rate.</summary>
internal static class Repetition
{
    public static async Task<RepetitionResult> RunAsync(
        EngineLoad load, FlopCounter flops, Workload workload, IReadOnlyList<byte[]> images, CancellationToken cancellationToken)
    {
        double[] before = await GemmClock.ReadAsync(cancellationToken);
        ProcessMemory.ResetPeak();
        EngineStatistics earlier = load.Engine.Statistics;
        LoadResult run = await load.RunAsync(workload, images, cancellationToken);
        EngineStatistics statistics = load.Engine.Statistics.Since(earlier);
        long peak = ProcessMemory.PeakBytes();
        double[] after = await GemmClock.ReadAsync(cancellationToken);
        DecodeShape shape = DecodeShape.Of(run.Texts[0], statistics.Decode.MeanItems);
        return new RepetitionResult
        {
            Images = images.Count,
            Seconds = run.Elapsed.TotalSeconds,
            PreprocessingSeconds = run.Preprocessing.TotalSeconds,
            GemmRate = before.Concat(after).Median(),
            NeededWithoutSharing = Sum(run.Texts, texts => flops.Image(texts, prefixShared: false)),
            NeededPrefixShared = Sum(run.Texts, texts => flops.Image(texts, prefixShared: true)),
            Statistics = statistics,
            BareDecodeShape = shape,
            BareDecodeSeconds = await BareDecode.MeasureAsync(load.Engine.Config, shape, cancellationToken),
            PeakBytes = peak,
        };
    }

    private static StageFlops Sum(IEnumerable<IReadOnlyList<TextLength>> images, Func<IReadOnlyList<TextLength>, StageFlops> count) =>
        images.Aggregate(default(StageFlops), (sum, texts) => sum + count(texts));
}
