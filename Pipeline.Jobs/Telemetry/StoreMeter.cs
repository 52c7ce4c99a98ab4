using System.Diagnostics.Metrics;
using System.Text.Json;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Telemetry;

/// <summary>Requests to S3, every try of its own.</summary>
internal static class StoreMeter
{
    private static readonly Meter s_meter = new(TelemetryNames.Jobs);

    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram(
        "pipeline.store.request.duration", "s", "Time of a request to S3, or of reading a piece of its body, by how it ended.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50] });

    /// <param name="fault">Null: it went well.</param>
    /// <param name="time">It took.</param>
    public static void Ended(ObjectStoreFault? fault, TimeSpan time) =>
        s_duration.Record(time.TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.Outcome, fault is { } bad ? JsonNamingPolicy.SnakeCaseLower.ConvertName(bad.ToString()) : "ok"));
}
