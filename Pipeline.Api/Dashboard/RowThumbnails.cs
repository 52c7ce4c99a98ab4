using Microsoft.Extensions.Caching.Memory;
using Pipeline.Jobs.Previews;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;

namespace Pipeline.Api.Dashboard;

/// <summary>Small pictures of a job's rows, for its page: those that workers left beside the shards' commits. Neither the source is read nor an image decoded.</summary>
internal sealed class RowThumbnails(JobStore jobs, ObjectStores stores, IMemoryCache cache)
{
    /// <summary>Long enough for a page that loads its pictures, and short for a shard that is made again.</summary>
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(1);

    /// <returns>A JPEG, or null if there is none to show.</returns>
    public async Task<byte[]?> FindAsync(string jobId, int shard, string rowId, CancellationToken cancellationToken)
    {
        if (jobs.Find(jobId) is not { ShardsTotal: { } shards } job || shard >= shards)
        {
            return null;
        }

        var key = (nameof(RowThumbnails), jobId, job.Version, shard);
        if (!cache.TryGetValue(key, out ShardPreviews? previews))
        {
            try
            {
                previews = await ShardPreviews.FindAsync(stores.LimitedTo(job.Places).Open(job.Spec.Output), shard, cancellationToken);
                cache.Set(key, previews, s_kept);
            }
            catch (ObjectStoreException)
            {
                // Not kept: the store may be back in a moment.
                return null;
            }
        }

        return previews?.Pictures.GetValueOrDefault(rowId);
    }
}
