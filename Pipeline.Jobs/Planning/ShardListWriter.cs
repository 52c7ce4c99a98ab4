using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Planning;

/// <summary>Writes the image lists of one planner's shards, into a folder of its own.</summary>
internal sealed class ShardListWriter(IObjectStore output)
{
    private readonly string planner = Guid.NewGuid().ToString("n");
    private readonly List<PlannedShard> written = [];

    public IReadOnlyList<PlannedShard> Written => written;

    public long Rows { get; private set; }

    public async Task WriteAsync(IReadOnlyList<PlannedImage> images, CancellationToken cancellationToken)
    {
        var index = written.Count;
        var key = OutputLayout.PlanOf(planner, index);
        var (file, sha256) = await PlannedImageFile.WriteAsync(images, cancellationToken);
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
