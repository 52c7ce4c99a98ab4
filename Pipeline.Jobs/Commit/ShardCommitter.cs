using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Telemetry;

namespace Pipeline.Jobs.Commit;

/// <summary>
/// Makes the rows of a shard part of the dataset exactly once, whatever crashes and however many workers try: stage the file,
/// write the commit record if there is none (the commit), copy the staged file to where readers look, delete it. In a later version of a dataset the last two
/// wait until all of its shards are there (<see cref="VersionCommit"/>).
/// </summary>
/// <param name="output">Of the job.</param>
/// <param name="time">For the time in the record.</param>
/// <param name="version">Of the dataset.</param>
public sealed class ShardCommitter(IObjectStore output, TimeProvider time, int version = 1)
{
    private readonly CommitLog log = new(output, version);

    /// <summary>Commits an attempt, or finds that another was first. Either way the shard is done and its rows are in place.</summary>
    /// <returns>The commit that counts: another attempt's if that was first.</returns>
    public Task<ShardCommit> CommitAsync(ShardAttempt attempt, CancellationToken cancellationToken) =>
        CommitAsync(attempt, () => { }, cancellationToken);

    /// <summary>The same, unless <paramref name="assertHeld"/> throws: it is asked between staging and the commit, and the staged file is deleted then.</summary>
    public async Task<ShardCommit> CommitAsync(ShardAttempt attempt, Action assertHeld, CancellationToken cancellationToken)
    {
        using var span = CommitMeter.Begin();
        var start = time.GetTimestamp();
        var commit = await CommitOnceAsync(attempt, assertHeld, cancellationToken);
        CommitMeter.Ended(time.GetElapsedTime(start));
        return commit;
    }

    /// <summary>Puts a committed shard's rows where readers look, if they are not there yet. Anyone may do it, at any time, again.</summary>
    /// <exception cref="ObjectStoreException">Also if the rows are nowhere: then the message says how to have them made again.</exception>
    public async Task PromoteAsync(ShardCommit commit, CancellationToken cancellationToken)
    {
        if (!await IsInPlaceAsync(commit, cancellationToken))
        {
            try
            {
                await output.CopyAsync(commit.StagedFile, commit.File, cancellationToken);
            }
            catch (ObjectStoreException missing) when (missing.Fault == ObjectStoreFault.NotFound)
            {
                // Another process may have promoted it and deleted the staged file since the look above.
                if (!await IsInPlaceAsync(commit, cancellationToken))
                {
                    throw Lost(commit, missing);
                }
            }
        }

        await output.DeleteAsync(commit.StagedFile, cancellationToken);
    }

    private async Task<ShardCommit> CommitOnceAsync(ShardAttempt attempt, Action assertHeld, CancellationToken cancellationToken)
    {
        if (await log.FindAsync(attempt.Shard, cancellationToken) is { } earlier)
        {
            return await PromoteFirstAsync(earlier, cancellationToken);
        }

        var commit = await StageAsync(attempt, cancellationToken);
        try
        {
            assertHeld();
        }
        catch
        {
            await output.DeleteAsync(commit.StagedFile, cancellationToken);
            throw;
        }

        if (!await output.TryCreateRecordAsync(OutputLayout.CommitOf(commit.Shard, version), commit, CommitJson.Default.ShardCommit, cancellationToken))
        {
            await output.DeleteAsync(commit.StagedFile, cancellationToken);
            commit = await log.FindAsync(attempt.Shard, cancellationToken)
                ?? throw new ObjectStoreException(
                    ObjectStoreFault.Unavailable, output.UriOf(OutputLayout.CommitOf(commit.Shard)), $"The commit of shard {commit.Shard} was deleted while it was made.");
        }
        else
        {
            CommitMeter.Won(commit);
        }

        return await PromoteFirstAsync(commit, cancellationToken);
    }

    private async Task<ShardCommit> PromoteFirstAsync(ShardCommit commit, CancellationToken cancellationToken)
    {
        if (version == 1)
        {
            await PromoteAsync(commit, cancellationToken);
        }

        return commit;
    }

    private async Task<ShardCommit> StageAsync(ShardAttempt attempt, CancellationToken cancellationToken)
    {
        var staged = OutputLayout.StagedOf(attempt.Shard, attempt.Attempt, Guid.NewGuid().ToString("n"), version);
        await using (var content = LocalReadStream.Open(attempt.File.Path))
        {
            await output.PutAsync(staged, content, cancellationToken);
        }

        return new ShardCommit
        {
            Shard = attempt.Shard,
            Attempt = attempt.Attempt,
            Worker = attempt.Worker,
            StagedFile = staged,
            File = OutputLayout.DataOf(attempt.Shard, attempt.Shards),
            Rows = attempt.File.Rows,
            FailedRows = attempt.File.FailedRows,
            Bytes = attempt.File.Bytes,
            Sha256 = attempt.File.Sha256,
            Tags = attempt.File.Tags,
            Statistics = attempt.File.Statistics,
            CommittedAt = time.GetUtcNow(),
        };
    }

    private async Task<bool> IsInPlaceAsync(ShardCommit commit, CancellationToken cancellationToken) =>
        await output.FindAsync(commit.File, cancellationToken) is { } found && found.Bytes == commit.Bytes;

    private ObjectStoreException Lost(ShardCommit commit, Exception missing) => new(
        ObjectStoreFault.Rejected,
        output.UriOf(commit.File),
        $"The rows of shard {commit.Shard} are committed, but neither '{commit.File}' nor '{commit.StagedFile}' holds them any more: "
        + $"restore '{output.UriOf(commit.File)}', or delete '{output.UriOf(OutputLayout.CommitOf(commit.Shard))}' and submit the job again to have them made anew.",
        missing);
}
