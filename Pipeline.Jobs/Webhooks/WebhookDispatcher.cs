using System.Text.Json;
using Hangfire;
using Hangfire.Server;
using Hangfire.Storage;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Webhooks;

/// <summary>Makes deliveries of the changes that were written down, and has them sent again.</summary>
/// <remarks>Any number may run, in any number of processes. A change leaves the outbox last, so that one that dies in between leaves it to the next, which finds what was made.</remarks>
public sealed class WebhookDispatcher(JobStorage storage, WebhookStore endpoints, DeliveryStore deliveries, IBackgroundJobClient client, TimeProvider time) : IBackgroundProcess
{
    private const int Most = 100;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    public void Execute(BackgroundProcessContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Step(context.StoppingToken) < Most)
        {
            context.Wait(s_interval);
        }
    }

    /// <summary>Hands out the oldest changes.</summary>
    /// <returns>How many.</returns>
    public int Step(CancellationToken cancellationToken)
    {
        using var connection = (JobStorageConnection)storage.GetConnection();
        if (connection.GetRangeFromSet(JobKeys.Outbox, 0, 0).Count == 0)
        {
            return 0;
        }

        using var held = JobStore.TryLockKey(connection, JobKeys.Outbox);
        if (held is null)
        {
            return 0;
        }

        var changes = connection.GetRangeFromSet(JobKeys.Outbox, 0, Most - 1);
        var all = endpoints.All();
        foreach (var change in changes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            HandOut(change, all);
            using var transaction = connection.CreateWriteTransaction();
            transaction.RemoveFromSet(JobKeys.Outbox, change);
            transaction.Commit();
        }

        return changes.Count;
    }

    /// <summary>Sends a delivery again, now, whatever came of it; its event keeps its id. False if it is unknown.</summary>
    public bool Resend(string jobId, string deliveryId)
    {
        var again = deliveries.Change(jobId, deliveryId, known => known is null ? null : new StoredDelivery(
            known.Delivery with { State = DeliveryState.Pending, Reason = null, NextAttemptAt = null }, 0, ""));
        if (again is null)
        {
            return false;
        }

        Enqueue(jobId, deliveryId);
        return true;
    }

    private void HandOut(string change, IReadOnlyList<WebhookEndpoint> all)
    {
        var (jobId, eventId) = change.Split('/') is [var job, var id] ? (job, id) : throw new InvalidOperationException($"The outbox holds \"{change}\".");
        if (all.Count == 0 || deliveries.Body(jobId, eventId) is not { } body)
        {
            return;
        }

        var type = JsonSerializer.Deserialize(body, WebhookJson.Default.WebhookEvent)!.Type;
        foreach (var endpoint in all.Where(endpoint => endpoint.Wants(type)))
        {
            var delivery = new WebhookDelivery
            {
                Id = $"{eventId}-{endpoint.Id}",
                Event = eventId,
                Type = type,
                Endpoint = endpoint.Id,
                State = DeliveryState.Pending,
                CreatedAt = time.GetUtcNow(),
            };
            if (deliveries.Add(jobId, delivery) is { Ticket.Length: 0, Delivery.State: DeliveryState.Pending })
            {
                Enqueue(jobId, delivery.Id);
            }
        }
    }

    private void Enqueue(string jobId, string deliveryId) =>
        client.Enqueue<IWebhookJob>(Queues.Webhooks, job => job.RunAsync(jobId, deliveryId, null, CancellationToken.None));
}
