using System.Runtime.CompilerServices;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Commit;

/// <summary>Reads which shards of an output are committed.</summary>
/// <param name="output">Of the job.</param>
/// <param name="version">Of the dataset: of a later one only the shards are found that were made again.</param>
public sealed class CommitLog(IObjectStore output, int version = 1)
{
    /// <summary>Records read at once when all are listed.</summary>
    private const int ReadsAtOnce = 32;

    /// <summary>The commit of one shard, or null.</summary>
    /// <exception cref="ObjectStoreException">The record is damaged or cannot be read.</exception>
    public Task<ShardCommit?> FindAsync(int shard, CancellationToken cancellationToken) =>
        output.FindRecordAsync(OutputLayout.CommitOf(shard, version), CommitJson.Default.ShardCommit, cancellationToken);

    /// <summary>All commits, in the order of their shards.</summary>
    /// <exception cref="ObjectStoreException">A record is damaged or cannot be read.</exception>
    public async IAsyncEnumerable<ShardCommit> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in output.ListAsync(OutputLayout.CommitsOf(version), cancellationToken).Chunk(ReadsAtOnce).WithCancellation(cancellationToken))
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
