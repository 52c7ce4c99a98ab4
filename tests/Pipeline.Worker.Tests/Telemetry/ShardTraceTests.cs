using System.Collections.Concurrent;
using System.Diagnostics;
using Pipeline.Jobs.Telemetry;
using Pipeline.Worker.Telemetry;

namespace Pipeline.Worker.Tests.Telemetry;

public sealed class ShardTraceTests
{
    [Fact]
    public async Task A_shard_is_one_trace_with_a_span_a_stage()
    {
        using var job = await TestJob.CreateAsync(("a.jpg", "fine"), ("b.jpg", "decode: Truncated"), ("c.jpg", "fine too"));
        var spans = await TraceAsync(job.Id, () => job.RunAsync(new FakeAnnotator()));

        var shard = spans.Single(span => span.OperationName == "shard");
        Assert.Null(shard.ParentId);
        Assert.Equal([0, 1, WorkerMeter.Committed], [.. ((string[])[TelemetryNames.Shard, TelemetryNames.Attempt, TelemetryNames.Outcome]).Select(shard.GetTagItem)]);
        Assert.Equal(["answer", "commit", "decode", "model", "read"], spans.Where(span => span != shard).Select(span => span.OperationName).Order());
        Assert.All(spans.Where(span => span != shard), span => Assert.Equal(shard.SpanId, span.ParentSpanId));
        var stages = spans.ToDictionary(span => span.OperationName);
        Assert.All((string[])["read", "decode", "answer"], stage => Assert.Equal(3, stages[stage].GetTagItem("pipeline.images")));
        Assert.Equal([0, 1, 1], [.. ((string[])["read", "decode", "answer"]).Select(stage => stages[stage].GetTagItem("pipeline.images.failed"))]);
    }

    [Fact]
    public async Task A_shard_that_fails_says_so_in_its_trace()
    {
        using var job = await TestJob.CreateAsync(("a.jpg", "infer: boom"));
        var broken = new FakeAnnotator { BeforeAnswer = (_, _) => throw new InvalidOperationException("The device is gone.") };

        var spans = await TraceAsync(job.Id, () => Assert.ThrowsAnyAsync<Exception>(() => job.RunAsync(broken)));

        var shard = spans.Single(span => span.OperationName == "shard");
        Assert.Equal((ActivityStatusCode.Error, WorkerMeter.Failed), (shard.Status, shard.GetTagItem(TelemetryNames.Outcome)));
        Assert.DoesNotContain(spans, span => span.OperationName == "commit");
    }

    /// <summary>Spans of the traces of one job, ended ones; other tests of the process trace theirs.</summary>
    private static async Task<List<Activity>> TraceAsync(string jobId, Func<Task> action)
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith(TelemetryNames.Prefix, StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await action();
        var traces = ended.Where(span => span.GetTagItem(TelemetryNames.Job) as string == jobId).Select(span => span.TraceId).ToHashSet();
        return [.. ended.Where(span => traces.Contains(span.TraceId))];
    }
}
