using System.Runtime.CompilerServices;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Commit;

/// <summary>Reads which shards of an output are committed.</summary>
public sealed class CommitLog(IObjectStore output)
{
    /// <summary>Records read at once when all are listed.</summary>
    private const int ReadsAtOnce = 32;

    /// <summary>The commit of one shard, or null.</summary>
    /// <exception cref="ObjectStoreException">The record is damaged or cannot be read.</exception>
    public Task<ShardCommit?> FindAsync(int shard, CancellationToken cancellationToken) =>
        output.FindRecordAsync(OutputLayout.CommitOf(shard), CommitJson.Default.ShardCommit, cancellationToken);

    /// <summary>All commits, in the order of their shards.</summary>
    /// <exception cref="ObjectStoreException">A record is damaged or cannot be read.</exception>
    public async IAsyncEnumerable<ShardCommit> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in output.ListAsync(OutputLayout.Commits, cancellationToken).Chunk(ReadsAtOnce).WithCancellation(cancellationToken))
        {
            foreach (var commit in await Task.WhenAll(batch.Select(found => ReadAsync(found.Key, cancellationToken))))
            {
                if (commit is not null)
                {
                    yield return commit;
                }
            }
        }
    }

    private Task<ShardCommit?> ReadAsync(string key, CancellationToken cancellationToken) =>
        output.FindRecordAsync(key, CommitJson.Default.ShardCommit, cancellationToken);
}
