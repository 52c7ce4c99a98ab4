using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Jobs.Cards;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Commit;

/// <summary>Turns a job's committed shards into a finished dataset: checks them, removes leftovers, writes the card, <c>manifest.json</c> and then <c>_SUCCESS</c>.</summary>
/// <remarks>Can be stopped anywhere and run again, also by several processes at once.</remarks>
/// <param name="output">Of the job.</param>
/// <param name="time">For the time in <c>_SUCCESS</c>.</param>
/// <param name="card">Writes <c>README.md</c>; null: none is written.</param>
public sealed class DatasetFinalizer(IObjectStore output, TimeProvider time, CardWriter? card = null)
{
    private readonly DatasetReader reader = new(output);

    /// <summary>Finishes the dataset, or finds it finished.</summary>
    /// <exception cref="ObjectStoreException">
    /// A shard is not committed, a file is not what was committed (<see cref="ObjectStoreFault.Rejected"/>), or the store failed.
    /// </exception>
    public async Task<DatasetSuccess> FinalizeAsync(CancellationToken cancellationToken)
    {
        var versions = new VersionCommit(output, time);
        var version = await versions.FindNewestAsync(cancellationToken);
        if (await reader.FindSuccessAsync(cancellationToken) is { } finished && Math.Max(1, finished.Version) >= version)
        {
            return finished;
        }

        if (version > 1)
        {
            await versions.PutInPlaceAsync(version, cancellationToken);
        }

        var plan = await new PlanReader(output).FindAsync(cancellationToken)
            ?? throw Refuse(OutputLayout.Plan, $"'{output.Uri}' has no committed plan: submit the job again.");
        var commits = await new CommitLog(output).ListAsync(cancellationToken).ToDictionaryAsync(commit => commit.Shard, cancellationToken: cancellationToken);
        var files = await new CommittedFiles(output, time).CheckAsync(plan, commits, cancellationToken);
        await new LeftoverSweep(output).RunAsync(plan, files, version, cancellationToken);

        var described = DatasetManifest.Of(plan, [.. plan.Shards.Select(shard => commits[shard.Index])]) with { Version = version };
        if (card is not null)
        {
            await card.WriteAsync(described, cancellationToken);
        }

        var manifest = Encoding.UTF8.GetBytes(described.ToJson());
        await output.PutAsync(OutputLayout.Manifest, new MemoryStream(manifest), cancellationToken);
        var success = new DatasetSuccess
        {
            JobId = plan.JobId,
            Version = version,
            Files = files.Count,
            Rows = plan.Rows,
            FailedRows = files.Sum(file => (long)file.FailedRows),
            ManifestSha256 = Convert.ToHexStringLower(SHA256.HashData(manifest)),
            FinishedAt = time.GetUtcNow(),
        };
        if (version > 1)
        {
            await output.PutAsync(OutputLayout.Success, new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(success, CommitJson.Default.DatasetSuccess)), cancellationToken);
            return success;
        }

        return await output.TryCreateRecordAsync(OutputLayout.Success, success, CommitJson.Default.DatasetSuccess, cancellationToken)
            ? success
            : await reader.FindSuccessAsync(cancellationToken) ?? throw Refuse(OutputLayout.Success, $"'{OutputLayout.Success}' was deleted while it was written.");
    }

    private ObjectStoreException Refuse(string key, string message) => new(ObjectStoreFault.Rejected, output.UriOf(key), message);
}
