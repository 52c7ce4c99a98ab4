using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Commit;

/// <summary>Tells what a dataset consists of.</summary>
public sealed class DatasetReader(IObjectStore output)
{
    /// <summary>What <c>_SUCCESS</c> says, or null if the dataset is not finished.</summary>
    /// <exception cref="ObjectStoreException">It is damaged or cannot be read.</exception>
    public Task<DatasetSuccess?> FindSuccessAsync(CancellationToken cancellationToken) =>
        output.FindRecordAsync(OutputLayout.Success, CommitJson.Default.DatasetSuccess, cancellationToken);

    /// <summary>The files with their rows, or null if the dataset is not finished.</summary>
    /// <exception cref="ObjectStoreException">It is damaged or cannot be read.</exception>
    public async Task<DatasetManifest?> FindAsync(CancellationToken cancellationToken) =>
        await FindSuccessAsync(cancellationToken) is null
            ? null
            : await output.FindRecordAsync(OutputLayout.Manifest, CommitJson.Default.DatasetManifest, cancellationToken)
                ?? throw new ObjectStoreException(
                    ObjectStoreFault.Rejected,
                    output.UriOf(OutputLayout.Manifest),
                    $"'{output.Uri}' has {OutputLayout.Success} but no {OutputLayout.Manifest}: delete {OutputLayout.Success} and submit the job again to have both written.");

    /// <summary>The committed files that are in place by now: those of the manifest once the dataset is finished. Null if nothing is planned here.</summary>
    /// <remarks>
    /// What it names stays as it is, so that who asks again finds the same files and more. A shard that was committed a moment ago may be missing
    /// until its file is in place.
    /// </remarks>
    /// <exception cref="ObjectStoreException">A record is damaged or cannot be read.</exception>
    public async Task<DatasetManifest?> FindCommittedAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is { } finished)
        {
            return finished;
        }

        if (await new PlanReader(output).FindAsync(cancellationToken) is not { } plan)
        {
            return null;
        }

        var commits = await new CommitLog(output).ListAsync(cancellationToken).ToListAsync(cancellationToken);
        var lengths = await output.ListAsync(OutputLayout.Data, cancellationToken)
            .ToDictionaryAsync(found => found.Key, found => found.Bytes, cancellationToken: cancellationToken);
        return DatasetManifest.Of(plan, [.. commits.Where(commit => lengths.TryGetValue(commit.File, out var bytes) && bytes == commit.Bytes)]);
    }
}
