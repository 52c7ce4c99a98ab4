using System.Text;
using Pipeline.Cli.Tests.Watching.Otlp;

namespace Pipeline.Cli.Tests.Watching;

/// <summary>What reaches a collector of API and worker while a real job runs.</summary>
[Collection(nameof(Watched))]
public sealed class OtlpTests(WatchedSystem system)
{
    private static readonly string[] s_stages = ["answer", "commit", "decode", "model", "read"];

    private static readonly string[] s_workers =
    [
        "pipeline.commit.duration", "pipeline.commit.rows", "pipeline.commit.size", "pipeline.model.images.waiting", "pipeline.model.kv.limit", "pipeline.model.kv.used", "pipeline.model.prompts",
        "pipeline.model.prompts.waiting", "pipeline.model.requests", "pipeline.model.sequences.limit", "pipeline.model.sequences.running", "pipeline.model.step.duration", "pipeline.model.step.items",
        "pipeline.store.request.duration", "pipeline.worker.attempts", "pipeline.worker.rows", "pipeline.worker.shards", "pipeline.worker.shards.limit", "pipeline.worker.shards.running",
        "pipeline.worker.stage.duration", "pipeline.worker.stage.stall",
    ];

    private static readonly string[] s_apis =
    [
        "pipeline.database.rows.dead", "pipeline.database.rows.live", "pipeline.database.size", "pipeline.job.age", "pipeline.job.eta", "pipeline.job.images.done", "pipeline.job.images.failed",
        "pipeline.job.images.planned", "pipeline.job.images.rate", "pipeline.job.shards.committed", "pipeline.job.shards.running", "pipeline.jobs.active", "pipeline.jobs.backlog",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_attempt_of_a_shard_is_one_trace_of_its_stages()
    {
        // A root ends after all that is in it, so once it is here the rest is too.
        var roots = await OtlpCollector.UntilAsync(
            () => Roots(system.DoneJob) is { Count: >= WatchedSystem.Shards } found ? found : null, Token);

        Assert.Equal(["0", "1", "2"], roots.Select(root => root["pipeline.shard"]).Order());
        Assert.Equal(WatchedSystem.Shards, roots.DistinctBy(root => root.Span.TraceId).Count());
        var spans = system.Collector.Spans;
        Assert.All(roots, root =>
        {
            Assert.Equal(("pipeline-worker", "1", "committed"), (root.Service, root["pipeline.attempt"], root["pipeline.outcome"]));
            var children = spans.Where(span => span.Span.TraceId == root.Span.TraceId && span.Span.SpanId != root.Span.SpanId).ToList();
            Assert.Equal(s_stages, children.Select(child => child.Span.Name).Order());
            Assert.All(children, child =>
            {
                Assert.Equal(root.Span.SpanId, child.Span.ParentSpanId);
                Assert.InRange(child.Span.StartTimeUnixNano, root.Span.StartTimeUnixNano, child.Span.EndTimeUnixNano);
                Assert.InRange(child.Span.EndTimeUnixNano, child.Span.StartTimeUnixNano, root.Span.EndTimeUnixNano);
            });
        });
        Assert.Equal(WatchedSystem.Images, ImagesOf("read"));
        Assert.Equal(WatchedSystem.Images, ImagesOf("answer"));

        int ImagesOf(string stage) => spans
            .Where(span => span.Span.Name == stage && roots.Exists(root => root.Span.TraceId == span.Span.TraceId))
            .Sum(span => int.Parse(span["pipeline.images"]!));
    }

    [Fact]
    public async Task Metrics_come_under_their_names_with_the_numbers_of_the_dataset()
    {
        await OtlpCollector.UntilAsync(() => s_workers.Except(NamesOf("pipeline-worker")).Any() || s_apis.Except(NamesOf("pipeline-api")).Any() ? null : "all", Token);

        var refused = system.Collector.Metrics
            .Where(metric => metric.Metric.Name == "pipeline.commit.rows")
            .SelectMany(metric => metric.Metric.Sum.DataPoints)
            .Where(point => OtlpCollector.ValueOf(point.Attributes, "pipeline.failure") == "not_an_image")
            .Select(point => point.AsInt);
        Assert.Equal(1, refused.Last());

        // The runtime's, the web server's and the database client's come with them.
        Assert.Contains("dotnet.process.cpu.time", NamesOf("pipeline-worker"));
        Assert.Contains("http.server.request.duration", NamesOf("pipeline-api"));
    }

    [Fact]
    public async Task Lines_of_a_shard_come_with_its_job_its_shard_and_its_trace()
    {
        var roots = await OtlpCollector.UntilAsync(() => Roots(system.DoneJob) is { Count: >= WatchedSystem.Shards } found ? found : null, Token);
        var lines = await OtlpCollector.UntilAsync(
            () => LinesOf(system.DoneJob) is var found && found.DistinctBy(line => line["Shard"]).Count() == WatchedSystem.Shards ? found : null, Token);

        Assert.All(lines, line =>
        {
            var root = Assert.Single(roots, root => root["pipeline.shard"] == line["Shard"]);
            Assert.Equal(root.Span.TraceId, line.Record.TraceId);
        });
    }

    [Fact]
    public async Task The_collectors_key_is_in_the_header_and_nothing_that_is_confidential_in_what_is_sent()
    {
        string[] signals = ["/v1/logs", "/v1/metrics", "/v1/traces"];
        await OtlpCollector.UntilAsync(() => signals.Except(system.Collector.Requests.Select(request => request.Path)).Any() ? null : "all", Token);

        Assert.All(system.Collector.Requests, request =>
        {
            Assert.Equal(("application/x-protobuf", WatchedSystem.TelemetryKey), (request.ContentType, request.Key));
            var text = Encoding.Latin1.GetString(request.Body);
            Assert.All(system.Secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        });
    }

    private List<ServiceSpan> Roots(string job) => [.. system.Collector.Spans.Where(span => span.Span.Name == "shard" && span.Span.ParentSpanId.IsEmpty && span["pipeline.job"] == job)];

    private HashSet<string> NamesOf(string service) => [.. system.Collector.Metrics.Where(metric => metric.Service == service).Select(metric => metric.Metric.Name)];

    private List<ServiceLog> LinesOf(string job) => [.. system.Collector.Logs.Where(line => line.Category == "Pipeline.Worker.Shards.ShardRunner" && line["JobId"] == job)];
}
