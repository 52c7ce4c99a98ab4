using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Jobs.Storage;

/// <summary>Records as JSON objects of a store.</summary>
internal static class StoreJson
{
    /// <summary>The record, or null if there is none.</summary>
    /// <exception cref="ObjectStoreException">It is there and is no such record: <see cref="ObjectStoreFault.Rejected"/>.</exception>
    public static async Task<T?> FindRecordAsync<T>(this IObjectStore store, string key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        byte[] bytes;
        try
        {
            bytes = await store.ReadAllBytesAsync(key, cancellationToken);
        }
        catch (ObjectStoreException missing) when (missing.Fault == ObjectStoreFault.NotFound)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw new ObjectStoreException(
                ObjectStoreFault.Rejected,
                store.UriOf(key),
                $"'{store.UriOf(key)}' is damaged or of another version of this program: {exception.Message}",
                exception);
        }
    }

    /// <summary>Writes a record if there is none of that key; false if there is.</summary>
    public static Task<bool> TryCreateRecordAsync<T>(
        this IObjectStore store, string key, T record, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        store.TryCreateAsync(key, JsonSerializer.SerializeToUtf8Bytes(record, type), cancellationToken);
}
