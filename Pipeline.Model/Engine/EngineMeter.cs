using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pipeline.Model.Scheduling;

namespace Pipeline.Model.Engine;

/// <summary>Publishes the steps of all engines of the process, by OpenTelemetry's naming: the meter <c>Pipeline.Model</c>.</summary>
internal static class EngineMeter
{
    private const string Stage = "pipeline.stage";
    private const string Outcome = "pipeline.outcome";

    private static readonly Meter s_meter = new("Pipeline.Model");

    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram(
        "pipeline.model.step.duration", "s", "Time of a step in the network.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50] });

    private static readonly Counter<long> s_items = s_meter.CreateCounter<long>(
        "pipeline.model.step.items", "{item}", "Crops (vision), tokens (prefill) and sequences (decode) that were run.");

    private static readonly Counter<long> s_prompts = s_meter.CreateCounter<long>("pipeline.model.prompts", "{prompt}", "Prompts answered.");

    public static void StepRan(Step step, TimeSpan time, int prompts)
    {
        s_duration.Record(time.TotalSeconds, Tags(step.Stage, "ok"));
        s_items.Add(step.Size, new KeyValuePair<string, object?>(Stage, Name(step.Stage)));
        s_prompts.Add(prompts);
    }

    public static void StepFailed(InferenceStage stage, TimeSpan time) => s_duration.Record(time.TotalSeconds, Tags(stage, "failed"));

    private static TagList Tags(InferenceStage stage, string outcome) => new() { { Stage, Name(stage) }, { Outcome, outcome } };

    private static string Name(InferenceStage stage) => stage switch
    {
        InferenceStage.Vision => "vision",
        InferenceStage.ImagePrefill => "image_prefill",
        InferenceStage.TextPrefill => "text_prefill",
        _ => "decode",
    };
}
