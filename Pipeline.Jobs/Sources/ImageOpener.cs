using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Sources;

/// <summary>Opens planned images wherever they lie: objects of the source's folder, objects named by a manifest, parts of tar and Parquet files.</summary>
/// <remarks>One for a shard, which reads its images about in order. Thread-safe.</remarks>
public sealed class ImageOpener
{
    private readonly Func<PlannedImage, (IObjectStore Store, string Key)> locate;
    private readonly ParquetImages parquet = new();

    /// <param name="stores">Opens places.</param>
    /// <param name="spec">Whose images are read.</param>
    public ImageOpener(ObjectStores stores, JobSpec spec)
    {
        if (spec.FormatOf() is SourceFormat.Images)
        {
            var source = stores.Open(spec.Source);
            locate = image => (source, image.Key);
        }
        else
        {
            locate = image => ObjectUri.Open(stores, image.Part?.File ?? image.Uri);
        }
    }

    /// <summary>Images that are the objects of one store.</summary>
    public ImageOpener(IObjectStore source) => locate = image => (source, image.Key);

    /// <summary>The encoded image.</summary>
    /// <exception cref="ObjectStoreException">It cannot be read, or the file that holds it was changed since it was planned.</exception>
    public Task<Stream> OpenAsync(PlannedImage image, CancellationToken cancellationToken)
    {
        var (store, key) = locate(image);
        return image.Part switch
        {
            null => store.OpenReadAsync(key, cancellationToken),
            { Column: null } part => store.OpenRangeAsync(key, part.Offset, part.Length, image.ETag, cancellationToken),
            var part => parquet.OpenAsync(store, key, part, image.ETag, cancellationToken),
        };
    }

    /// <summary>Length in bytes of an image that is an object of its own; 0 if there is none.</summary>
    /// <exception cref="ObjectStoreException">It may not be looked at, or its store does not answer.</exception>
    public async Task<long> FindLengthAsync(PlannedImage image, CancellationToken cancellationToken)
    {
        var (store, key) = locate(image);
        return (await store.FindAsync(key, cancellationToken))?.Bytes ?? 0;
    }

    /// <summary>Throws if the image's store does not answer at all: then no image of it can be read now, and none may be written off.</summary>
    /// <exception cref="ObjectStoreException">It does not answer.</exception>
    public async Task AssertReachableAsync(PlannedImage image, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in locate(image).Store.ListAsync("", cancellationToken))
            {
                break;
            }
        }
        catch (ObjectStoreException refused) when (!refused.IsTransient)
        {
            // It may not be listed, and says so: it answers.
        }
    }
}
