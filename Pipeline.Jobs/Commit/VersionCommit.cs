using System.Text.Json;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Commit;

/// <summary>
/// Makes a later version of a dataset count, in which shards with failed rows were made again: all of it, by one conditional write, or nothing. What follows that
/// write only puts files in place, and can be stopped anywhere and run again.
/// </summary>
/// <remarks>Each file is replaced whole by one with the same rows' keys, so that who reads the folder meanwhile finds every row once, mended or not.</remarks>
internal sealed class VersionCommit(IObjectStore output, TimeProvider time)
{
    /// <summary>Commits a version, or finds it committed.</summary>
    /// <exception cref="ObjectStoreException">A shard of it is missing, or the store failed.</exception>
    public async Task CommitAsync(string jobId, int version, CancellationToken cancellationToken)
    {
        if (await FindAsync(version, cancellationToken) is not null)
        {
            return;
        }

        var retried = await new CommitLog(output, version).ListAsync(cancellationToken).Select(commit => commit.Shard).ToListAsync(cancellationToken);
        await foreach (var commit in new CommitLog(output).ListAsync(cancellationToken))
        {
            if (commit.FailedRows > 0 && !retried.Contains(commit.Shard))
            {
                throw new ObjectStoreException(
                    ObjectStoreFault.Rejected,
                    output.UriOf(OutputLayout.CommitOf(commit.Shard, version)),
                    $"Shard {commit.Shard} has {commit.FailedRows} failed rows that were not made again for version {version}: ask for the retry again.");
            }
        }

        var made = new DatasetVersion { Version = version, JobId = jobId, Shards = [.. retried.Order()], CommittedAt = time.GetUtcNow() };
        await output.TryCreateRecordAsync(OutputLayout.VersionOf(version), made, CommitJson.Default.DatasetVersion, cancellationToken);
    }

    /// <summary>The newest version that is committed; 1 if there is no later one.</summary>
    public async Task<int> FindNewestAsync(CancellationToken cancellationToken)
    {
        var version = 1;
        while (await output.FindAsync(OutputLayout.VersionOf(version + 1), cancellationToken) is not null)
        {
            version++;
        }

        return version;
    }

    /// <summary>Puts the files of a committed version where readers look.</summary>
    public async Task PutInPlaceAsync(int version, CancellationToken cancellationToken)
    {
        var made = (await FindAsync(version, cancellationToken))!;
        var commits = new List<ShardCommit>();
        foreach (var shard in made.Shards)
        {
            var commit = (await new CommitLog(output, version).FindAsync(shard, cancellationToken))!;
            commits.Add(commit);

            // Without its staged file it is in place already: staged files are deleted once all are, and the records below are written.
            if (await output.FindAsync(commit.StagedFile, cancellationToken) is not null)
            {
                await output.CopyAsync(commit.StagedFile, commit.File, cancellationToken);
            }
        }

        foreach (var commit in commits)
        {
            var record = JsonSerializer.SerializeToUtf8Bytes(commit, CommitJson.Default.ShardCommit);
            await output.PutAsync(OutputLayout.CommitOf(commit.Shard), new MemoryStream(record), cancellationToken);
        }
    }

    private Task<DatasetVersion?> FindAsync(int version, CancellationToken cancellationToken) =>
        output.FindRecordAsync(OutputLayout.VersionOf(version), CommitJson.Default.DatasetVersion, cancellationToken);
}
