using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Model.Engine;

namespace Pipeline.Model.Tests.Engine;

public sealed class EngineMeterTests
{
    /// <summary>Other engines of this process may publish beside it: the test's one spends times of its own.</summary>
    private static readonly TimeSpan s_ownTime = TimeSpan.FromSeconds(12_345);

    [Fact]
    public async Task Every_step_is_published_with_its_stage_and_its_outcome()
    {
        var seen = new ConcurrentBag<(string Stage, string Outcome)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "Pipeline.Model", Name: "pipeline.model.step.duration", Unit: "s" })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            if (value == s_ownTime.TotalSeconds)
            {
                seen.Add(((string)tags[0].Value!, (string)tags[1].Value!));
            }
        });
        listener.Start();
        var time = new FakeTimeProvider();
        await using var fake = new FakeEngine(time: time);
        int failures = 1;
        fake.Runner.OnStep = (stage, _) =>
        {
            time.Advance(s_ownTime);
            if (stage is InferenceStage.ImagePrefill && failures-- > 0)
            {
                throw new InvalidOperationException("once");
            }
        };

        await fake.RunAsync(1);

        Assert.Equal(1, seen.Count(step => step == ("vision", "ok")));
        Assert.Equal(1, seen.Count(step => step == ("image_prefill", "failed")));
        Assert.Equal(1, seen.Count(step => step == ("image_prefill", "ok")));
        Assert.Equal(1, seen.Count(step => step == ("text_prefill", "ok")));
        Assert.Equal(FakeRunner.AnswerLength - 1, seen.Count(step => step == ("decode", "ok")));
    }
}
