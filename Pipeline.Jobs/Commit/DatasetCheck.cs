using System.Security.Cryptography;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Commit;

/// <summary>Proves a finished dataset from its bytes: every planned image is exactly one row, in exactly the files that were committed.</summary>
/// <remarks>Reads all of it and changes nothing. Memory grows by some 40 bytes a row, for the proof that no key comes twice.</remarks>
public sealed class DatasetCheck(IObjectStore output)
{
    /// <summary>Everything that is wrong, each a sentence with the mend; the dataset is proved if there is nothing.</summary>
    /// <exception cref="ObjectStoreException">The store can't be reached, so nothing is known.</exception>
    public async Task<DatasetProof> RunAsync(CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        if (await output.Faulty(faults, () => new DatasetReader(output).FindAsync(cancellationToken)) is not { } manifest)
        {
            return Unproved(faults, $"'{output.Uri}' is no finished dataset: it has no {OutputLayout.Success}. Submit its job again to have it finished.");
        }

        if (await output.Faulty(faults, () => new PlanReader(output).FindAsync(cancellationToken)) is not { } plan)
        {
            return Unproved(faults, $"'{output.UriOf(OutputLayout.Plan)}' is gone, so nobody can say which images the dataset should hold: restore it.");
        }

        await CheckRecordsAsync(plan, manifest, faults, cancellationToken);
        var shards = new ShardCheck(output, plan, faults);
        foreach (var shard in plan.Shards)
        {
            await shards.RunAsync(shard, manifest.Files.ElementAtOrDefault(shard.Index), cancellationToken);
        }

        await CheckStrangersAsync(manifest, faults, cancellationToken);
        Expect(faults, shards.Rows == plan.Rows, $"The dataset has {shards.Rows:N0} rows that belong to it, but {plan.Rows:N0} are planned: the faults of single files say which are wrong.");
        return new DatasetProof(manifest.JobId, manifest.Files.Count, shards.Rows, shards.FailedRows, faults);
    }

    private async Task CheckRecordsAsync(JobPlan plan, DatasetManifest manifest, List<string> faults, CancellationToken cancellationToken)
    {
        const string Mend = $"delete {OutputLayout.Success} and submit the job again to have both written anew.";
        var success = (await new DatasetReader(output).FindSuccessAsync(cancellationToken))!;
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(await output.ReadAllBytesAsync(OutputLayout.Manifest, cancellationToken)));
        Expect(faults, success.ManifestSha256 == sha256, $"{OutputLayout.Manifest} was changed since it was written (sha256 {sha256}, {OutputLayout.Success} says {success.ManifestSha256}): {Mend}");
        Expect(faults, manifest.JobId == plan.JobId && success.JobId == plan.JobId, $"{OutputLayout.Manifest} is of {manifest.JobId}, but the plan of {plan.JobId}: {Mend}");
        Expect(
            faults,
            manifest.Files.Count == plan.Shards.Count && manifest.Rows == plan.Rows && success.Rows == plan.Rows,
            $"{OutputLayout.Manifest} names {manifest.Files.Count:N0} files with {manifest.Rows:N0} rows, but {plan.Shards.Count:N0} shards with {plan.Rows:N0} images are planned: {Mend}");

        if (await output.Faulty(faults, () => FindClaimAsync(cancellationToken)) is not { } claim || claim.JobId != plan.JobId)
        {
            faults.Add($"'{output.UriOf(OutputLayout.Job)}' does not say that this output belongs to {plan.JobId}: restore it, or another job may take the output.");
        }
    }

    /// <summary>Readers who take all files of the folder, and not those of the manifest, would read these too.</summary>
    private async Task CheckStrangersAsync(DatasetManifest manifest, List<string> faults, CancellationToken cancellationToken)
    {
        var known = manifest.Files.Select(file => file.File).ToHashSet(StringComparer.Ordinal);
        await foreach (var found in output.ListAsync(OutputLayout.Data, cancellationToken))
        {
            Expect(
                faults,
                known.Contains(found.Key) || !found.Key.EndsWith(".parquet", StringComparison.Ordinal),
                $"'{output.UriOf(found.Key)}' is not part of the dataset, but readers of the whole folder would read it: delete it.");
        }
    }

    private Task<JobClaim?> FindClaimAsync(CancellationToken cancellationToken) =>
        output.FindRecordAsync(OutputLayout.Job, CommitJson.Default.JobClaim, cancellationToken);

    private static DatasetProof Unproved(List<string> faults, string message) =>
        new(null, 0, 0, 0, faults.Count > 0 ? faults : [message]);

    private static void Expect(List<string> faults, bool holds, string message)
    {
        if (!holds)
        {
            faults.Add(message);
        }
    }
}

/// <summary>What a check of a dataset found.</summary>
/// <param name="JobId">Null if there is no dataset.</param>
/// <param name="Files">As the manifest names them.</param>
/// <param name="Rows">Rows that are where the plan wants them.</param>
/// <param name="FailedRows">Of these, the ones without annotation.</param>
/// <param name="Faults">Empty if all of it holds.</param>
public sealed record DatasetProof(string? JobId, int Files, long Rows, long FailedRows, IReadOnlyList<string> Faults);
