using System.Text.Json;
using Hangfire;
using Hangfire.Storage;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Webhooks;

/// <summary>The delivery log in Hangfire's storage, job by job.</summary>
public sealed class DeliveryStore(JobStorage storage)
{
    /// <summary>A job's deliveries, newest first.</summary>
    public IReadOnlyList<WebhookDelivery> List(string jobId)
    {
        using var connection = storage.GetConnection();
        return
        [
            .. (connection.GetAllEntriesFromHash(JobKeys.Deliveries(jobId))?.Values ?? Enumerable.Empty<string>())
                .Select(json => Read(json).Delivery)
                .OrderByDescending(delivery => delivery.Event, StringComparer.Ordinal)
                .ThenBy(delivery => delivery.Endpoint, StringComparer.Ordinal),
        ];
    }

    /// <summary>The body of an event as it was written down.</summary>
    internal string? Body(string jobId, string eventId)
    {
        using var connection = (JobStorageConnection)storage.GetConnection();
        return connection.GetValueFromHash(JobKeys.Events(jobId), eventId);
    }

    /// <summary>Writes a delivery down unless it is there.</summary>
    /// <returns>As it is now.</returns>
    internal StoredDelivery Add(string jobId, WebhookDelivery delivery) =>
        Change(jobId, delivery.Id, known => known ?? new StoredDelivery(delivery, 0, ""))!;

    /// <summary>Changes a delivery under its job's lock.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="deliveryId">The delivery.</param>
    /// <param name="change">From what it is, null if it is unknown, to what it shall be, null to leave it.</param>
    /// <returns>What the change gave.</returns>
    internal StoredDelivery? Change(string jobId, string deliveryId, Func<StoredDelivery?, StoredDelivery?> change)
    {
        using var connection = (JobStorageConnection)storage.GetConnection();
        using var held = connection.AcquireDistributedLock(JobKeys.Deliveries(jobId), StorageTimings.LockExpiry);
        var known = connection.GetValueFromHash(JobKeys.Deliveries(jobId), deliveryId) is { } json ? Read(json) : null;
        var changed = change(known);
        if (changed is not null && changed != known)
        {
            using var transaction = connection.CreateWriteTransaction();
            transaction.SetRangeInHash(JobKeys.Deliveries(jobId), [new(deliveryId, JsonSerializer.Serialize(changed, StoredWebhookJson.Default.StoredDelivery))]);
            transaction.Commit();
        }

        return changed;
    }

    private static StoredDelivery Read(string json) => JsonSerializer.Deserialize(json, StoredWebhookJson.Default.StoredDelivery)!;
}
