using Pipeline.Jobs.Access;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tenants;

/// <summary>What limits may say.</summary>
public static class TenantRules
{
    private const int Most = 100_000;
    private const int MostPlaces = 100;

    /// <summary>Everything wrong with a tenant's name and its limits, each with the mend.</summary>
    public static IReadOnlyList<string> Faults(string tenant, TenantLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return
        [
            .. ApiKeyRules.IsTenant(tenant) ? Array.Empty<string>() : [$"\"{tenant}\" is no tenant: use 1 to 40 lower-case letters, digits, - and _."],
            .. Range("max_active_jobs", limits.MaxActiveJobs, 0, Most),
            .. Range("max_images", limits.MaxImages, 0, long.MaxValue),
            .. Range("max_concurrent_shards", limits.MaxConcurrentShards, 1, Most),
            .. Places("sources", limits.Sources),
            .. Places("outputs", limits.Outputs),
        ];
    }

    private static IEnumerable<string> Range(string name, long? value, long least, long most) =>
        value < least || value > most ? [$"{name} is {value}: use {least:N0} to {most:N0}, or leave it out."] : [];

    private static IEnumerable<string> Places(string name, IReadOnlyList<string>? places)
    {
        if (places is { Count: > MostPlaces })
        {
            return [$"{name} has {places.Count} places: use at most {MostPlaces}."];
        }

        return (places ?? []).Select(place => ObjectLocation.TryParse(place, out _, out var fault) ? null : $"{name}: {fault}").OfType<string>();
    }
}
