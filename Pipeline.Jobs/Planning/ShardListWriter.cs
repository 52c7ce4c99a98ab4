using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Planning;

/// <summary>Writes the image lists of one planner's shards, into a folder of its own.</summary>
internal sealed class ShardListWriter(IObjectStore output, IObjectStore source)
{
    private readonly string planner = Guid.NewGuid().ToString("n");
    private readonly List<PlannedShard> written = [];
    private string lastKey = "";

    public IReadOnlyList<PlannedShard> Written => written;

    public long Rows { get; private set; }

    public async Task WriteAsync(IReadOnlyList<StoredObject> images, CancellationToken cancellationToken)
    {
        foreach (var image in images)
        {
            // Names that are no valid UTF-8 are read with replacement characters, so two of them can look alike.
            if (image.Key == lastKey)
            {
                throw new ObjectStoreException(
                    ObjectStoreFault.Rejected,
                    source.UriOf(image.Key),
                    $"Two images are both called '{source.UriOf(image.Key)}' once read as UTF-8: rename one of them.");
            }

            lastKey = image.Key;
        }

        var index = written.Count;
        var key = OutputLayout.PlanOf(planner, index);
        var rows = images.Select(image => new PlannedImage(image.Key, source.UriOf(image.Key), image.Bytes, image.ETag));
        var (file, sha256) = await PlannedImageFile.WriteAsync(rows, cancellationToken);
        using (file)
        {
            file.Position = 0;
            await output.PutAsync(key, file, cancellationToken);
        }

        written.Add(new PlannedShard(index, images.Count, key, sha256));
        Rows += images.Count;
    }

    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        foreach (var shard in written)
        {
            await output.DeleteAsync(shard.File, cancellationToken);
        }
    }
}
