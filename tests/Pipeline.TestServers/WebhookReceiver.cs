using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pipeline.TestServers;

/// <summary>A real web server that takes webhooks, and answers as it is told to.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<ReceivedWebhook> received = new();
    private readonly SemaphoreSlim arrived = new(0);

    private WebhookReceiver(WebApplication app) => this.app = app;

    /// <summary>On 127.0.0.1, without TLS.</summary>
    public Uri Address => new(new Uri(app.Urls.Single()), "/hook");

    public IReadOnlyList<ReceivedWebhook> Received => [.. received];

    /// <summary>Answers the request of that number, from 0; at first with 204.</summary>
    public Func<int, HttpContext, Task> Answer { get; set; } = (_, context) => Status(context, StatusCodes.Status204NoContent);

    public static async Task<WebhookReceiver> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build());
        receiver.app.Run(receiver.TakeAsync);
        await receiver.app.StartAsync(cancellationToken);
        return receiver;
    }

    public static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>Waits until another request has come.</summary>
    public async Task NextAsync(CancellationToken cancellationToken)
    {
        if (!await arrived.WaitAsync(TimeSpan.FromMinutes(2), cancellationToken))
        {
            throw new TimeoutException($"No further request came to the receiver within two minutes; {received.Count} did.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
        arrived.Dispose();
    }

    private async Task TakeAsync(HttpContext context)
    {
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
        int number;
        lock (received)
        {
            number = received.Count;
            received.Enqueue(new ReceivedWebhook(
                context.Request.Headers["webhook-id"].ToString(), context.Request.Headers["webhook-timestamp"].ToString(), context.Request.Headers["webhook-signature"].ToString(), body));
        }

        arrived.Release();
        await Answer(number, context);
    }
}

/// <summary>A webhook as it came.</summary>
public sealed record ReceivedWebhook(string Id, string Timestamp, string Signature, string Body);
