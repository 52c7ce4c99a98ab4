using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Pipeline.Jobs.Cards;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;

namespace Pipeline.Api.Dashboard;

/// <summary>
/// Small pictures of a job's rows, for its page. The row is looked up in what the job committed, so that no other image can be asked for; it is decoded where a worker lives in this
/// process, by its decoder processes and within their limits.
/// </summary>
internal sealed class RowThumbnails(JobStore jobs, CommittedRows rows, ObjectStores stores, IMemoryCache cache, ThumbnailMaker? maker = null) : IDisposable
{
    /// <summary>Longest file that is read for a small picture.</summary>
    private const long MostBytes = 32 << 20;

    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(10);

    /// <summary>Pictures that are made at a time: watching a job must not slow it down.</summary>
    private readonly SemaphoreSlim _places = new(2);

    /// <returns>A JPEG, or null if there is none to show.</returns>
    public async Task<byte[]?> FindAsync(string jobId, int shard, string rowId, CancellationToken cancellationToken)
    {
        if (maker is null || jobs.Find(jobId) is not { } job)
        {
            return null;
        }

        // What a row is called is a stranger's to choose, and may be long.
        var key = (nameof(RowThumbnails), jobId, job.Version, shard, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(rowId))));
        if (cache.TryGetValue(key, out byte[]? known))
        {
            return known;
        }

        await _places.WaitAsync(cancellationToken);
        try
        {
            var made = await MakeAsync(job, shard, rowId, cancellationToken);
            return cache.Set(key, made, new MemoryCacheEntryOptions { SlidingExpiration = s_kept });
        }
        catch (ObjectStoreException)
        {
            // Not kept: the store may be back in a moment.
            return null;
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<byte[]?> MakeAsync(JobRecord job, int shard, string rowId, CancellationToken cancellationToken) =>
        await rows.FindAsync(job, shard, rowId, cancellationToken) is { Bytes: > 0 and <= MostBytes } row
        && await new RowImages(stores.LimitedTo(job.Places)).FindAsync(row, cancellationToken) is { } image
            ? await maker!(image, cancellationToken)
            : null;
}
