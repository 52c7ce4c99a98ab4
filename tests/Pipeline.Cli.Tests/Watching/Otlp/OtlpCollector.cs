using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pipeline.Cli.Tests.Watching.Otlp;

/// <summary>A collector as OpenTelemetry has it: takes traces, metrics and logs as protobuf over HTTP, and keeps them.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<OtlpRequest> _requests = new();

    private OtlpCollector(WebApplication app) => _app = app;

    /// <summary>On 127.0.0.1, without TLS.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>All that came, as it came.</summary>
    public IReadOnlyList<OtlpRequest> Requests => [.. _requests];

    public IReadOnlyList<ServiceSpan> Spans =>
    [
        .. from traces in Bodies("/v1/traces", TracesData.Parser)
           from resource in traces.ResourceSpans
           from scope in resource.ScopeSpans
           from span in scope.Spans
           select new ServiceSpan(NameOf(resource.Resource), span),
    ];

    public IReadOnlyList<ServiceMetric> Metrics =>
    [
        .. from metrics in Bodies("/v1/metrics", MetricsData.Parser)
           from resource in metrics.ResourceMetrics
           from scope in resource.ScopeMetrics
           from metric in scope.Metrics
           select new ServiceMetric(NameOf(resource.Resource), metric),
    ];

    public IReadOnlyList<ServiceLog> Logs =>
    [
        .. from logs in Bodies("/v1/logs", LogsData.Parser)
           from resource in logs.ResourceLogs
           from scope in resource.ScopeLogs
           from record in scope.LogRecords
           select new ServiceLog(NameOf(resource.Resource), scope.Scope.Name, record),
    ];

    public static async Task<OtlpCollector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new OtlpCollector(builder.Build());
        collector._app.MapPost("/v1/{signal}", collector.TakeAsync);
        await collector._app.StartAsync(cancellationToken);
        return collector;
    }

    /// <summary>Waits for something to come.</summary>
    public static async Task<T> UntilAsync<T>(Func<T?> look, CancellationToken cancellationToken)
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            if (look() is { } found)
            {
                return found;
            }

            await Task.Delay(s_look, patience.Token);
        }
    }

    /// <summary>As text, whatever kind of value it is; null if there is none.</summary>
    public static string? ValueOf(RepeatedField<KeyValue> attributes, string key) => attributes.FirstOrDefault(attribute => attribute.Key == key)?.Value switch
    {
        { HasStringValue: true } text => text.StringValue,
        { HasIntValue: true } number => number.IntValue.ToString(),
        { HasDoubleValue: true } number => number.DoubleValue.ToString(),
        { HasBoolValue: true } truth => truth.BoolValue.ToString(),
        _ => null,
    };

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _requests.Enqueue(new OtlpRequest(context.Request.Path, context.Request.ContentType ?? "", context.Request.Headers["api-key"].ToString(), body.ToArray()));

        // An empty message: all of it was taken.
        context.Response.ContentType = "application/x-protobuf";
    }

    private IEnumerable<T> Bodies<T>(string path, MessageParser<T> parser)
        where T : IMessage<T> => _requests.Where(request => request.Path == path).Select(request => parser.ParseFrom(request.Body));

    private static string NameOf(Resource resource) => ValueOf(resource.Attributes, "service.name") ?? "";
}

/// <summary>What one process sent at a time; the key is that of the header "api-key".</summary>
public sealed record OtlpRequest(string Path, string ContentType, string Key, byte[] Body);

/// <summary>A span, and the service whose it is.</summary>
public sealed record ServiceSpan(string Service, Span Span)
{
    public string? this[string attribute] => OtlpCollector.ValueOf(Span.Attributes, attribute);
}

/// <summary>A metric at one time, and the service whose it is.</summary>
public sealed record ServiceMetric(string Service, Metric Metric);

/// <summary>A line of a log, its category, and the service whose it is.</summary>
public sealed record ServiceLog(string Service, string Category, LogRecord Record)
{
    public string? this[string attribute] => OtlpCollector.ValueOf(Record.Attributes, attribute);
}
