using System.Security.Cryptography;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Commit;

/// <summary>Checks that every planned shard is committed and that its file is the one committed.</summary>
internal sealed class CommittedFiles(IObjectStore output, TimeProvider time)
{
    private readonly ShardCommitter committer = new(output, time);

    /// <summary>The files of the dataset in order; puts those in place that a crash left staged.</summary>
    /// <exception cref="ObjectStoreException">A shard lacks its commit, or a file is not what was committed.</exception>
    public async Task<IReadOnlyList<DatasetFile>> CheckAsync(
        JobPlan plan, IReadOnlyDictionary<int, ShardCommit> commits, CancellationToken cancellationToken)
    {
        var missing = plan.Shards.Count(shard => !commits.ContainsKey(shard.Index));
        if (missing > 0)
        {
            var first = plan.Shards.First(shard => !commits.ContainsKey(shard.Index)).Index;
            throw Refuse(
                OutputLayout.CommitOf(first),
                $"{missing} of {plan.Shards.Count} shards are not committed, the first of them shard {first}: submit the job again to have them made.");
        }

        List<DatasetFile> files = [];
        foreach (var shard in plan.Shards)
        {
            files.Add(await CheckAsync(shard, plan.Shards.Count, commits[shard.Index], cancellationToken));
        }

        return files;
    }

    private async Task<DatasetFile> CheckAsync(PlannedShard shard, int shards, ShardCommit commit, CancellationToken cancellationToken)
    {
        if (commit.Rows != shard.Rows || commit.File != OutputLayout.DataOf(shard.Index, shards))
        {
            throw Refuse(
                OutputLayout.CommitOf(shard.Index),
                $"The commit of shard {shard.Index} has {commit.Rows} rows in '{commit.File}', but {shard.Rows} rows are planned: "
                + $"delete '{output.UriOf(OutputLayout.CommitOf(shard.Index))}' and submit the job again.");
        }

        await committer.PromoteAsync(commit, cancellationToken);

        if (!await IsKnownByItsTagAsync(commit, cancellationToken) && await HashAsync(commit.File, cancellationToken) is var sha256 && sha256 != commit.Sha256)
        {
            throw Refuse(
                commit.File,
                $"'{output.UriOf(commit.File)}' is not what was committed (sha256 {sha256}, committed {commit.Sha256}): restore it, or delete it and "
                + $"'{output.UriOf(OutputLayout.CommitOf(shard.Index))}' and submit the job again to have it made anew.");
        }

        return new DatasetFile(commit.File, commit.Rows, commit.FailedRows, commit.Bytes, commit.Sha256);
    }

    /// <summary>
    /// Where S3's ETag is a sum of the content, it is one of those of the bytes whose sha256 was committed, and nothing needs to be read back. Elsewhere,
    /// with keys of one's own for example, it says nothing.
    /// </summary>
    private async Task<bool> IsKnownByItsTagAsync(ShardCommit commit, CancellationToken cancellationToken) =>
        commit.Tags is { } tags && await output.FindAsync(commit.File, cancellationToken) is { } found && tags.Contains(found.ETag);

    private async Task<string> HashAsync(string key, CancellationToken cancellationToken)
    {
        await using var content = await output.OpenReadAsync(key, cancellationToken);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
    }

    private ObjectStoreException Refuse(string key, string message) => new(ObjectStoreFault.Rejected, output.UriOf(key), message);
}
