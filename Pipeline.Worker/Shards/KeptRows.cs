using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;

namespace Pipeline.Worker.Shards;

/// <summary>The rows of a shard that a later version of the dataset takes over as they are: those that did not fail.</summary>
internal static class KeptRows
{
    /// <summary>By their places in the shard, with the images that the file holds; none in the first version.</summary>
    public static async Task<Dictionary<int, DatasetRow>> ReadAsync(ShardContext work, CancellationToken cancellationToken)
    {
        if (work.Version == 1 || await new CommitLog(work.Output).FindAsync(work.Shard.Index, cancellationToken) is not { } commit)
        {
            return [];
        }

        var rows = work.Spec.EmbedImages
            ? ShardFileReader.ReadWithImagesAsync(work.Output, commit.File, cancellationToken)
            : ShardFileReader.ReadAsync(work.Output, commit.File, cancellationToken);
        return await rows.Index().Where(entry => entry.Item.Annotation.Failure is null)
            .ToDictionaryAsync(entry => entry.Index, entry => entry.Item, cancellationToken: cancellationToken);
    }
}
