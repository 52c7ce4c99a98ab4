using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hangfire;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Access;

/// <summary>API keys in Hangfire's storage: on PostgreSQL every process of the API knows them.</summary>
public sealed class ApiKeyStore(JobStorage storage, TimeProvider time)
{
    /// <summary>How long a key that was replaced still works.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    /// <summary>Oldest first, those that were revoked or have expired too.</summary>
    public IReadOnlyList<ApiKeyView> List()
    {
        using var connection = storage.GetConnection();
        var used = connection.GetAllEntriesFromHash(JobKeys.KeysUsed) ?? [];
        return [.. (connection.GetAllEntriesFromHash(JobKeys.Keys)?.Values ?? Enumerable.Empty<string>())
            .Select(Parse)
            .OrderBy(key => key.CreatedAt)
            .Select(key => ViewOf(key, used.TryGetValue(key.Id, out var at) ? DateTimeOffset.ParseExact(at, "O", CultureInfo.InvariantCulture) : null))];
    }

    /// <summary>Makes a key; the answer has its text, which nothing keeps.</summary>
    /// <param name="request">Judged before.</param>
    public ApiKeyView Create(ApiKeyRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Add(request.Name!, request.Scopes!, request.Tenant, request.ExpiresAt);
    }

    /// <summary>Makes another key like this one, which still works for a day. Null if there is no such key, or it does not work any more.</summary>
    public ApiKeyView? Rotate(string id)
    {
        var end = time.GetUtcNow() + Overlap;
        return Change(id, key => key with { ExpiresAt = key.ExpiresAt < end ? key.ExpiresAt : end }) is { } old
            ? Add(old.Before.Name, old.Before.Scopes, old.Before.Tenant, old.Before.ExpiresAt)
            : null;
    }

    /// <summary>The key works no more. False if there is none that works.</summary>
    public bool Revoke(string id) => Change(id, key => key with { RevokedAt = time.GetUtcNow() }) is not null;

    /// <summary>True if any key works, so that callers can be told apart.</summary>
    public bool Any()
    {
        using var connection = storage.GetConnection();
        return connection.GetAllEntriesFromHash(JobKeys.Keys)?.Values.Any(json => Parse(json).IsValid(time.GetUtcNow())) is true;
    }

    /// <summary>The key of that text, if it is one that works.</summary>
    public ApiKeyView? Verify(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ApiKeyToken.IdOf(text) is { } id && Read(id) is { } key
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(key.Hash), Encoding.ASCII.GetBytes(ApiKeyToken.Hash(text))) && key.IsValid(time.GetUtcNow())
                ? ViewOf(key, null)
                : null;
    }

    /// <summary>False once a key was revoked or has expired.</summary>
    public bool IsValid(string id) => Read(id)?.IsValid(time.GetUtcNow()) is true;

    /// <summary>Remembers that a key was used now.</summary>
    public void SetUsed(string id) => Write(JobKeys.KeysUsed, id, time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));

    private ApiKeyView Add(string name, IReadOnlyList<string> scopes, string? tenant, DateTimeOffset? expiresAt)
    {
        var (id, text) = ApiKeyToken.Create();
        var key = new ApiKey { Id = id, Name = name, Hash = ApiKeyToken.Hash(text), Scopes = scopes, Tenant = tenant, CreatedAt = time.GetUtcNow(), ExpiresAt = expiresAt };
        Write(JobKeys.Keys, id, Text(key));
        return ViewOf(key, null) with { Key = text };
    }

    private (ApiKey Before, ApiKey After)? Change(string id, Func<ApiKey, ApiKey> change)
    {
        using var connection = storage.GetConnection();
        using var held = connection.AcquireDistributedLock(JobKeys.Keys, StorageTimings.LockExpiry);
        if (Read(id) is not { } key || !key.IsValid(time.GetUtcNow()))
        {
            return null;
        }

        var changed = change(key);
        Write(JobKeys.Keys, id, Text(changed));
        return (key, changed);
    }

    private ApiKey? Read(string id)
    {
        using var connection = (Hangfire.Storage.JobStorageConnection)storage.GetConnection();
        return connection.GetValueFromHash(JobKeys.Keys, id) is { } json ? Parse(json) : null;
    }

    private void Write(string hash, string id, string value)
    {
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetRangeInHash(hash, [new(id, value)]);
        transaction.Commit();
    }

    private static ApiKey Parse(string json) => JsonSerializer.Deserialize(json, StoredKeyJson.Default.ApiKey)!;

    private static string Text(ApiKey key) => JsonSerializer.Serialize(key, StoredKeyJson.Default.ApiKey);

    private static ApiKeyView ViewOf(ApiKey key, DateTimeOffset? usedAt) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Scopes = key.Scopes,
        Tenant = key.Tenant,
        CreatedAt = key.CreatedAt,
        ExpiresAt = key.ExpiresAt,
        RevokedAt = key.RevokedAt,
        LastUsedAt = usedAt,
    };
}
