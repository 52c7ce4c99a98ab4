using System.Diagnostics;
using Pipeline.Jobs.Telemetry;

namespace Pipeline.Worker.Telemetry;

/// <summary>The spans of a shard: itself, the wait for the model, and its stages, which overlap. Its commit is told by <c>Pipeline.Jobs</c>.</summary>
internal static class ShardTrace
{
    private static readonly ActivitySource s_source = new(TelemetryNames.Worker);

    /// <summary>Null where nobody traces.</summary>
    public static Activity? Begin(string jobId, int shard) => s_source.StartActivity(
        "shard", ActivityKind.Consumer, default(ActivityContext), [new(TelemetryNames.Job, jobId), new(TelemetryNames.Shard, shard)]);

    /// <summary>Borrowing the model, which may have to be loaded or be in use by another job.</summary>
    public static Activity? BeginModel() => s_source.StartActivity("model");

    /// <summary>A stage of the shard, beside the others and not within them.</summary>
    public static Activity? BeginStage(string stage, ActivityContext shard) => s_source.StartActivity(stage, ActivityKind.Internal, shard);
}
