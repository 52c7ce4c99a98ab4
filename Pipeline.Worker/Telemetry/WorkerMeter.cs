using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Telemetry;

namespace Pipeline.Worker.Telemetry;

/// <summary>What the shards of this process do: the meter <c>Pipeline.Worker</c>.</summary>
internal static class WorkerMeter
{
    /// <summary>How a shard's attempt ended: <see cref="Committed"/>, or found committed.</summary>
    public const string Committed = "committed", HandedBack = "handed_back", LeaseLost = "lease_lost", Failed = "failed";

    private const string First = "first", Retry = "retry";

    private static readonly Meter s_meter = new(TelemetryNames.Worker);

    private static readonly Counter<long> s_rows = s_meter.CreateCounter<long>(
        "pipeline.worker.rows", "{row}", "Rows made, by their failure. A shard that is begun again makes its rows again; pipeline.commit.rows counts each once.");

    private static readonly Histogram<double> s_stage = s_meter.CreateHistogram(
        "pipeline.worker.stage.duration", "s", "Time of one image in a stage.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50] });

    private static readonly Counter<double> s_stall = s_meter.CreateCounter<double>(
        "pipeline.worker.stage.stall", "s", "Time that whoever comes after a stage waited for its next image, summed over shards.");

    private static readonly Counter<long> s_attempts = s_meter.CreateCounter<long>("pipeline.worker.attempts", "{attempt}", "Attempts of shards begun, by whether it is the first.");
    private static readonly Counter<long> s_shards = s_meter.CreateCounter<long>("pipeline.worker.shards", "{shard}", "Attempts of shards ended, by outcome.");
    private static readonly UpDownCounter<long> s_running = s_meter.CreateUpDownCounter<long>("pipeline.worker.shards.running", "{shard}", "Shards under way.");
    private static readonly UpDownCounter<long> s_limit = s_meter.CreateUpDownCounter<long>("pipeline.worker.shards.limit", "{shard}", "Shards that may be under way, urgent ones aside.");
    private static readonly Counter<long> s_waits = s_meter.CreateCounter<long>("pipeline.worker.store.waits", "{wait}", "Waits for a store that is down or full.");

    public static void RowMade(RowFailure? failure) => s_rows.Add(
        1, new KeyValuePair<string, object?>(TelemetryNames.Failure, failure is { } reason ? RowFailures.CodeOf(reason) : TelemetryNames.NoFailure));

    public static void StageEnded(string stage, TimeSpan time) => s_stage.Record(time.TotalSeconds, Tag(stage));

    public static void Stalled(string stage, TimeSpan time) => s_stall.Add(time.TotalSeconds, Tag(stage));

    public static void ShardBegan(int attempt)
    {
        s_attempts.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Attempt, attempt == 1 ? First : Retry));
        Activity.Current?.SetTag(TelemetryNames.Attempt, attempt);
    }

    public static void ShardEnded(string outcome)
    {
        s_shards.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Outcome, outcome));
        Activity.Current?.SetTag(TelemetryNames.Outcome, outcome);
    }

    public static void Running(int change) => s_running.Add(change);

    /// <summary>A worker that may run so many shards is there. Counters of what it hopes never to see begin at 0: a first one is then seen to rise.</summary>
    public static void Arrived(int shards)
    {
        s_limit.Add(shards);
        s_running.Add(0);
        s_waits.Add(0);
        foreach (var outcome in (string[])[Committed, HandedBack, LeaseLost, Failed])
        {
            s_shards.Add(0, new KeyValuePair<string, object?>(TelemetryNames.Outcome, outcome));
        }

        foreach (var kind in (string[])[First, Retry])
        {
            s_attempts.Add(0, new KeyValuePair<string, object?>(TelemetryNames.Attempt, kind));
        }
    }

    public static void Left(int shards) => s_limit.Add(-shards);

    public static void StoreWait() => s_waits.Add(1);

    private static KeyValuePair<string, object?> Tag(string stage) => new(TelemetryNames.Stage, stage);
}
