using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Commit;

/// <summary>Tells what a finished dataset consists of.</summary>
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
}
