using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pipeline.Jobs.Commit;

namespace Pipeline.Jobs.Telemetry;

/// <summary>What is committed, and how long that takes. Who wins a shard's commit counts its rows, so that over all workers each row is counted once.</summary>
internal static class CommitMeter
{
    private static readonly ActivitySource s_source = new(TelemetryNames.Jobs);
    private static readonly Meter s_meter = new(TelemetryNames.Jobs);

    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram(
        "pipeline.commit.duration", "s", "Time to commit a shard: staging its file, the commit record, and putting the file in place.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100] });

    private static readonly Counter<long> s_rows = s_meter.CreateCounter<long>("pipeline.commit.rows", "{row}", "Rows committed, by their failure.");

    private static readonly Counter<long> s_bytes = s_meter.CreateCounter<long>("pipeline.commit.size", "By", "Bytes of committed files.");

    /// <summary>A span around one commit; null where nobody traces.</summary>
    public static Activity? Begin() => s_source.StartActivity("commit");

    public static void Won(ShardCommit commit)
    {
        s_rows.Add(commit.Rows - commit.FailedRows, new KeyValuePair<string, object?>(TelemetryNames.Failure, TelemetryNames.NoFailure));
        foreach (var (reason, rows) in commit.Statistics?.Failures ?? new Dictionary<string, long>())
        {
            s_rows.Add(rows, new KeyValuePair<string, object?>(TelemetryNames.Failure, reason));
        }

        s_bytes.Add(commit.Bytes);
    }

    public static void Ended(TimeSpan time) => s_duration.Record(time.TotalSeconds);
}
