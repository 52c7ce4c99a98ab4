using Hangfire;
using Hangfire.Server;
using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Scheduling;

namespace Pipeline.Jobs.Webhooks;

/// <summary>Makes one attempt of a delivery. Run by Hangfire; safe to run any number of times, also at once.</summary>
public interface IWebhookJob
{
    [JobDisplayName("Webhook {1} of job {0}")]
    [Queue(Queues.Webhooks)]
    Task RunAsync(string jobId, string deliveryId, PerformContext? context, CancellationToken cancellationToken);
}

/// <summary>At least once: what was sent and could not be written down is sent again, with the same id.</summary>
internal sealed class WebhookJob(DeliveryStore deliveries, WebhookStore endpoints, WebhookSender sender, TimeProvider time, ILogger<WebhookJob> logger) : IWebhookJob
{
    public async Task RunAsync(string jobId, string deliveryId, PerformContext? context, CancellationToken cancellationToken)
    {
        var ticket = context?.BackgroundJob.Id ?? "here";
        if (Claim(jobId, deliveryId, ticket) is not { Delivery: { } delivery } claimed || deliveries.Body(jobId, delivery.Event) is not { } body)
        {
            return;
        }

        if (endpoints.Read(delivery.Endpoint) is not { Enabled: true } endpoint)
        {
            Settle(jobId, delivery, ticket, claimed.Tries, null, DeliveryState.Failed, "The endpoint was deleted or disabled.");
            return;
        }

        var (attempt, asked) = await sender.SendAsync(endpoint, delivery.Event, body, cancellationToken);
        var tries = claimed.Tries + 1;
        Log.Attempted(logger, deliveryId, jobId, tries, attempt.Status, attempt.Error);
        if (attempt.Succeeded)
        {
            Settle(jobId, delivery, ticket, tries, attempt, DeliveryState.Delivered, null);
        }
        else if (attempt.Status is 410)
        {
            endpoints.Disable(endpoint.Id, "The receiver answered 410: it wants no more.");
            Log.Disabled(logger, endpoint.Id);
            Settle(jobId, delivery, ticket, tries, attempt, DeliveryState.Failed, "The receiver answered 410, and the endpoint was disabled.");
        }
        else if (WebhookRetries.After(tries, asked, Random.Shared.NextDouble()) is { } pause)
        {
            var next = time.GetUtcNow() + pause;
            Settle(jobId, delivery, ticket, tries, attempt, DeliveryState.Pending, null, next);
            throw new WebhookAttemptException($"Attempt {tries} of {WebhookRetries.Most}: {attempt.Words}", next);
        }
        else
        {
            Settle(jobId, delivery, ticket, tries, attempt, DeliveryState.Failed, $"All {WebhookRetries.Most} attempts failed.");
        }
    }

    /// <summary>Null if it was delivered, or is another Hangfire job's.</summary>
    private StoredDelivery? Claim(string jobId, string deliveryId, string ticket) => deliveries.Change(jobId, deliveryId, known =>
        known is { Delivery.State: DeliveryState.Pending } && (known.Ticket.Length == 0 || known.Ticket == ticket) ? known with { Ticket = ticket } : null);

    /// <summary>Unless it was sent again meanwhile.</summary>
    private void Settle(
        string jobId, WebhookDelivery delivery, string ticket, int tries, DeliveryAttempt? attempt, DeliveryState state, string? reason, DateTimeOffset? next = null) =>
        deliveries.Change(jobId, delivery.Id, known => known?.Ticket != ticket ? null : new StoredDelivery(
            delivery with
            {
                State = state,
                Reason = reason,
                NextAttemptAt = next,
                Attempts = attempt is null ? delivery.Attempts : [.. delivery.Attempts.Append(attempt).TakeLast(WebhookDelivery.MostAttempts)],
            },
            tries,
            ticket));
}
