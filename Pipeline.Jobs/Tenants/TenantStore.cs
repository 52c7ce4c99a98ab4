using System.Text.Json;
using System.Text.Json.Serialization;
using Hangfire;
using Hangfire.Storage;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Tenants;

/// <summary>Limits of tenants in Hangfire's storage: on PostgreSQL every process knows them.</summary>
public sealed class TenantStore(JobStorage storage)
{
    /// <summary>A later version may have written more than this one knows.</summary>
    private static readonly TenantJson s_stored = new(new JsonSerializerOptions(TenantJson.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip });

    /// <summary>Of a tenant; null if it has none.</summary>
    public TenantLimits? Find(string tenant)
    {
        using var connection = (JobStorageConnection)storage.GetConnection();
        return connection.GetValueFromHash(JobKeys.Tenants, tenant) is { Length: > 0 } json ? Parse(json) : null;
    }

    /// <summary>Of all that have any, by name.</summary>
    public IReadOnlyDictionary<string, TenantLimits> List()
    {
        using var connection = storage.GetConnection();
        return new SortedDictionary<string, TenantLimits>(
            (connection.GetAllEntriesFromHash(JobKeys.Tenants) ?? []).Where(entry => entry.Value.Length > 0).ToDictionary(entry => entry.Key, entry => Parse(entry.Value)), StringComparer.Ordinal);
    }

    /// <summary>Replaces the limits of a tenant; null: it has none any more.</summary>
    public void Set(string tenant, TenantLimits? limits)
    {
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        // A hash cannot drop one of its fields.
        transaction.SetRangeInHash(JobKeys.Tenants, [new(tenant, limits is null ? "" : JsonSerializer.Serialize(limits, s_stored.TenantLimits))]);
        transaction.Commit();
    }

    private static TenantLimits Parse(string json) => JsonSerializer.Deserialize(json, s_stored.TenantLimits)!;
}
