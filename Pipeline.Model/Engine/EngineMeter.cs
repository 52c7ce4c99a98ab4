using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pipeline.Model.Scheduling;

namespace Pipeline.Model.Engine;

/// <summary>Publishes the steps of all engines of the process, by OpenTelemetry's naming: the meter <c>Pipeline.Model</c>.</summary>
internal static class EngineMeter
{
    public const string Name = "Pipeline.Model";
    private const string Stage = "pipeline.stage";
    private const string Outcome = "pipeline.outcome";

    private static readonly Meter s_meter = new(Name);

    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram(
        "pipeline.model.step.duration", "s", "Time of a step in the network.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50] });

    private static readonly Counter<long> s_items = s_meter.CreateCounter<long>(
        "pipeline.model.step.items", "{item}", "Crops (vision), tokens (prefill) and sequences (decode) that were run.");

    private static readonly Counter<long> s_prompts = s_meter.CreateCounter<long>("pipeline.model.prompts", "{prompt}", "Prompts answered.");

    private static readonly Counter<long> s_requests = s_meter.CreateCounter<long>(
        "pipeline.model.requests", "{request}", "Requests taken in, by whether an image of equal pixels was there already (a prefix hit).");

    public static void StepRan(Step step, TimeSpan time, int prompts)
    {
        s_duration.Record(time.TotalSeconds, Tags(step.Stage, "ok"));
        s_items.Add((long)step.Iterations * step.Size, new KeyValuePair<string, object?>(Stage, NameOf(step.Stage)));
        s_prompts.Add(prompts);
    }

    public static void StepFailed(InferenceStage stage, TimeSpan time) => s_duration.Record(time.TotalSeconds, Tags(stage, "failed"));

    public static void RequestTaken(bool isPrefixHit) => s_requests.Add(1, new KeyValuePair<string, object?>("pipeline.prefix", isPrefixHit ? "hit" : "miss"));

    private static TagList Tags(InferenceStage stage, string outcome) => new() { { Stage, NameOf(stage) }, { Outcome, outcome } };

    private static string NameOf(InferenceStage stage) => stage switch
    {
        InferenceStage.Vision => "vision",
        InferenceStage.ImagePrefill => "image_prefill",
        InferenceStage.TextPrefill => "text_prefill",
        _ => "decode",
    };
}
