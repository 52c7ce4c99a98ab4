namespace Pipeline.Jobs.Storage;

public static class ObjectStoreReading
{
    /// <summary>A whole object; for records and other small things. Read again once if it came damaged.</summary>
    public static async Task<byte[]> ReadAllBytesAsync(this IObjectStore store, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadOnceAsync(store, key, cancellationToken);
        }
        catch (ObjectStoreException spoilt) when (spoilt.Fault is ObjectStoreFault.Corrupt or ObjectStoreFault.TooSlow)
        {
            return await ReadOnceAsync(store, key, cancellationToken);
        }
    }

    private static async Task<byte[]> ReadOnceAsync(IObjectStore store, string key, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenReadAsync(key, cancellationToken);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }
}
