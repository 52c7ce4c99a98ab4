using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using Pipeline.Jobs.Network;

namespace Pipeline.Jobs.Webhooks;

/// <summary>Makes one signed request. Of the answer it reads the status and nothing else: a body is no business of ours.</summary>
internal sealed class WebhookSender(IOptions<WebhookOptions> options, TimeProvider time) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(GuardedHttp.CreateHandler([.. options.Value.AllowedHosts]));
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(options.Value.TimeoutSeconds);

    /// <returns>What came of it, and how long the receiver asked to be left alone.</returns>
    public async Task<(DeliveryAttempt Attempt, TimeSpan? RetryAfter)> SendAsync(WebhookEndpoint endpoint, string id, string body, CancellationToken cancellationToken)
    {
        var (at, start) = (time.GetUtcNow(), time.GetTimestamp());
        using var deadline = new CancellationTokenSource(_patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        DeliveryAttempt Ended(int? status, string? error) => new(at, (long)time.GetElapsedTime(start).TotalMilliseconds, status, error);

        // The rules may have changed since the endpoint was registered.
        if (WebhookRules.UrlFault(endpoint.Url, options.Value) is { } fault)
        {
            return (Ended(null, fault), null);
        }

        using var request = Request(endpoint, id, at, body);
        try
        {
            using var answer = await _http.SendAsync(request, stop.Token);
            return (Ended((int)answer.StatusCode, null), AskedBy(answer.Headers.RetryAfter, at));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (Ended(null, $"No answer came within {_patience.TotalSeconds:0} s."), null);
        }
        catch (HttpRequestException trouble)
        {
            return (Ended(null, (trouble.InnerException as AddressRefusedException)?.Message ?? trouble.Message), null);
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(WebhookEndpoint endpoint, string id, DateTimeOffset at, string body)
    {
        var timestamp = at.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSecret.Sign(endpoint.SecretsAt(at), id, timestamp, body));
        request.Headers.Add("User-Agent", "pipeline-webhooks");
        return request;
    }

    private static TimeSpan? AskedBy(RetryConditionHeaderValue? header, DateTimeOffset now) => header?.Delta ?? (header?.Date is { } date ? date - now : null);
}
