using System.Runtime.CompilerServices;
using Pipeline.Jobs.Storage;
using Pipeline.Model.Imaging;

namespace Pipeline.Jobs.Sources;

/// <summary>Tells images by how they begin.</summary>
internal static class ImageContent
{
    /// <summary>Enough for every format: the brands of HEIF and AVIF come behind the first 16 bytes.</summary>
    private const int Beginning = 64;

    private const int ReadsAtOnce = 64;

    /// <summary>Those of the objects that begin like an image, in their order. One that cannot be read stays: its row will say why.</summary>
    public static async IAsyncEnumerable<StoredObject> FilterAsync(
        IObjectStore store, IAsyncEnumerable<StoredObject> objects, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var chunk in objects.Chunk(ReadsAtOnce).WithCancellation(cancellationToken))
        {
            var images = await Task.WhenAll(chunk.Select(found => IsImageAsync(store, found, cancellationToken)));
            foreach (var (found, isImage) in chunk.Zip(images))
            {
                if (isImage)
                {
                    yield return found;
                }
            }
        }
    }

    private static async Task<bool> IsImageAsync(IObjectStore store, StoredObject found, CancellationToken cancellationToken)
    {
        if (found.Bytes == 0)
        {
            return false;
        }

        try
        {
            var bytes = new byte[Math.Min(Beginning, found.Bytes)];
            await using var content = await store.OpenRangeAsync(found.Key, 0, bytes.Length, found.ETag, cancellationToken);
            await content.ReadExactlyAsync(bytes, cancellationToken);
            return ImageFormat.Of(bytes) is not null;
        }
        catch (ObjectStoreException e) when (!e.IsTransient)
        {
            return true;
        }
    }
}
