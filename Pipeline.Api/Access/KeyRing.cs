using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Pipeline.Jobs.Access;

namespace Pipeline.Api.Access;

/// <summary>Keys as callers show them. What the storage says of a key is believed for a few seconds, so that a busy caller costs it nothing.</summary>
internal sealed class KeyRing(ApiKeyStore keys, IMemoryCache cache, IOptions<AccessOptions> options)
{
    private const string AdminId = "configured";

    /// <summary>How long a key that was revoked may still work.</summary>
    private static readonly TimeSpan s_believed = TimeSpan.FromSeconds(5);

    /// <summary>How exactly it is known when a key was used.</summary>
    private static readonly TimeSpan s_noted = TimeSpan.FromMinutes(1);

    public Caller? Verify(string text)
    {
        if (options.Value.AdminKey is { Length: > 0 } admin && CryptographicOperations.FixedTimeEquals(Hash(text), Hash(admin)))
        {
            return new Caller(AdminId, "the configured key", Scopes.Expand([Scopes.Admin]), null);
        }

        if (options.Value.MetricsToken is { Length: > 0 } metrics && CryptographicOperations.FixedTimeEquals(Hash(text), Hash(metrics)))
        {
            return new Caller("metrics", "the configured token for metrics", Scopes.Expand([Scopes.Metrics]), null);
        }

        // Only of keys that are some: what a stranger sends is not kept.
        var name = (nameof(KeyRing), Convert.ToHexString(Hash(text)));
        if (!cache.TryGetValue(name, out ApiKeyView? key))
        {
            key = keys.Verify(text);
            if (key is not null)
            {
                cache.Set(name, key, s_believed);
            }
        }

        if (key is null)
        {
            return null;
        }

        if (cache.Get((nameof(s_noted), key.Id)) is null)
        {
            cache.Set((nameof(s_noted), key.Id), key.Id, s_noted);
            keys.SetUsed(key.Id);
        }

        return Caller.Of(key);
    }

    /// <summary>Whether who signed in with a key may stay so.</summary>
    public bool IsValid(string id) => id == AdminId ? !string.IsNullOrEmpty(options.Value.AdminKey) : cache.GetOrCreate((nameof(IsValid), id), entry =>
    {
        entry.AbsoluteExpirationRelativeToNow = s_believed;
        return keys.IsValid(id);
    });

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
