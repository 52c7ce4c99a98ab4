using System.Collections.Concurrent;
using System.Net;
using Amazon.S3;

namespace Pipeline.Jobs.Storage;

/// <summary>Creates objects once in buckets of any server: by conditional writes where a probe shows that they hold, else by the ledger.</summary>
/// <param name="ledger">Null without PostgreSQL.</param>
internal sealed class S3Creation(CreateLedger? ledger)
{
    /// <summary>Buckets whose conditional writes were probed, and whether they hold.</summary>
    private readonly ConcurrentDictionary<string, bool> holds = new();

    /// <summary>As <see cref="IObjectStore.TryCreateAsync"/>.</summary>
    /// <exception cref="ObjectStoreException">Also where nothing can decide who is first: <see cref="ObjectStoreFault.Rejected"/>.</exception>
    public async Task<bool> TryCreateAsync(S3ObjectStore store, string bucket, string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (!holds.TryGetValue(bucket, out var isHeld))
        {
            holds[bucket] = isHeld = await ProbeAsync(store, cancellationToken);
        }

        if (isHeld)
        {
            return await store.TryPutNewAsync(key, content, cancellationToken);
        }

        return ledger is not null
            ? await ledger.TryCreateAsync(store, key, content, cancellationToken)
            : throw new ObjectStoreException(
                ObjectStoreFault.Rejected,
                store.UriOf(key),
                $"The server of '{store.Uri}' ignores conditional writes (If-None-Match: *), which a safe commit needs: "
                + "set PIPELINE_STORAGE=postgres, so that PostgreSQL decides in its place, or choose another store.");
    }

    /// <summary>Writes an object twice on the condition that there is none. Leaves nothing behind.</summary>
    private static async Task<bool> ProbeAsync(S3ObjectStore store, CancellationToken cancellationToken)
    {
        var key = ObjectKeys.Probe + Guid.NewGuid().ToString("n");
        try
        {
            return await store.TryPutNewAsync(key, "first"u8.ToArray(), cancellationToken)
                && !await store.TryPutNewAsync(key, "second"u8.ToArray(), cancellationToken);
        }
        catch (ObjectStoreException unknown) when (unknown.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotImplemented })
        {
            return false;
        }
        finally
        {
            await store.DeleteAsync(key, cancellationToken);
        }
    }
}
