using System.Text.Json;
using Hangfire;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Webhooks;

/// <summary>Registered endpoints in Hangfire's storage.</summary>
public sealed class WebhookStore(JobStorage storage, TimeProvider time)
{
    /// <summary>Registered endpoints at a time: each gets an event of every change of every job.</summary>
    public const int MostEndpoints = 50;

    /// <summary>How long a secret that was replaced signs along with the new one.</summary>
    private static readonly TimeSpan s_overlap = TimeSpan.FromDays(1);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<WebhookView> List() => [.. All().Select(ViewOf)];

    public WebhookView? Find(string id) => Read(id) is { } endpoint ? ViewOf(endpoint) : null;

    /// <summary>Registers an endpoint; the answer has its secret.</summary>
    /// <param name="request">Judged before.</param>
    public WebhookView Create(WebhookRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var endpoint = new WebhookEndpoint
        {
            Id = $"whk_{Guid.NewGuid():N}"[..16],
            Url = request.Url!,
            Events = request.Events is { Count: > 0 } events ? events : null,
            Description = request.Description,
            Enabled = request.Enabled ?? true,
            CreatedAt = time.GetUtcNow(),
            Secrets = [new SigningSecret(request.Secret ?? WebhookSecret.Create(), null)],
        };
        Write(endpoint.Id, endpoint);
        return ViewOf(endpoint) with { Secret = endpoint.Secrets[0].Value };
    }

    /// <summary>Replaces what the request names. Null if there is no such endpoint.</summary>
    public WebhookView? Change(string id, WebhookRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Change(id, endpoint => endpoint with
        {
            Url = request.Url ?? endpoint.Url,
            Events = request.Events is { } events ? events.Count > 0 ? events : null : endpoint.Events,
            Description = request.Description ?? endpoint.Description,
            Enabled = request.Enabled ?? endpoint.Enabled,
            DisabledReason = request.Enabled is null ? endpoint.DisabledReason : null,
        }) is { } changed ? ViewOf(changed) : null;
    }

    /// <summary>Makes a new secret; the one before signs along for a day. Null if there is no such endpoint.</summary>
    public WebhookView? Rotate(string id)
    {
        var now = time.GetUtcNow();
        return Change(id, endpoint => endpoint with
        {
            Secrets =
            [
                new SigningSecret(WebhookSecret.Create(), null),
                .. endpoint.Secrets.Where(secret => secret.Until is not { } until || now < until).Select(secret => secret with { Until = secret.Until ?? now + s_overlap }),
            ],
        }) is { } rotated ? ViewOf(rotated) with { Secret = rotated.Secrets[0].Value } : null;
    }

    /// <summary>Forgets an endpoint with its secrets. False if there is none.</summary>
    public bool Delete(string id)
    {
        using var connection = storage.GetConnection();
        using var held = connection.AcquireDistributedLock(JobKeys.Webhooks, StorageTimings.LockExpiry);
        if (Read(id) is null)
        {
            return false;
        }

        Write(id, null);
        return true;
    }

    internal IReadOnlyList<WebhookEndpoint> All()
    {
        using var connection = storage.GetConnection();
        return
        [
            .. (connection.GetAllEntriesFromHash(JobKeys.Webhooks)?.Values ?? Enumerable.Empty<string>())
                .Where(json => json.Length > 0)
                .Select(json => JsonSerializer.Deserialize(json, StoredWebhookJson.Default.WebhookEndpoint)!)
                .OrderBy(endpoint => endpoint.CreatedAt),
        ];
    }

    internal WebhookEndpoint? Read(string id) => All().FirstOrDefault(endpoint => endpoint.Id == id);

    /// <summary>The receiver wants no more.</summary>
    internal void Disable(string id, string reason) => Change(id, endpoint => endpoint with { Enabled = false, DisabledReason = reason });

    private WebhookEndpoint? Change(string id, Func<WebhookEndpoint, WebhookEndpoint> change)
    {
        using var connection = storage.GetConnection();
        using var held = connection.AcquireDistributedLock(JobKeys.Webhooks, StorageTimings.LockExpiry);
        if (Read(id) is not { } endpoint)
        {
            return null;
        }

        var changed = change(endpoint);
        Write(id, changed);
        return changed;
    }

    /// <summary>A hash cannot drop a field, so "" is one that was deleted.</summary>
    private void Write(string id, WebhookEndpoint? endpoint)
    {
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetRangeInHash(JobKeys.Webhooks, [new(id, endpoint is null ? "" : JsonSerializer.Serialize(endpoint, StoredWebhookJson.Default.WebhookEndpoint))]);
        transaction.Commit();
    }

    private static WebhookView ViewOf(WebhookEndpoint endpoint) => new()
    {
        Id = endpoint.Id,
        Url = endpoint.Url,
        Events = endpoint.Events,
        Description = endpoint.Description,
        Enabled = endpoint.Enabled,
        DisabledReason = endpoint.DisabledReason,
        CreatedAt = endpoint.CreatedAt,
    };
}
