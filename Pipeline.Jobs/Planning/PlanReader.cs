using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Planning;

/// <summary>Reads the committed plan of an output.</summary>
public sealed class PlanReader(IObjectStore output)
{
    /// <summary>The plan, or null if none is committed yet.</summary>
    /// <exception cref="ObjectStoreException">The plan is damaged or cannot be read.</exception>
    public Task<JobPlan?> FindAsync(CancellationToken cancellationToken) =>
        output.FindRecordAsync(OutputLayout.Plan, PlanJson.Default.JobPlan, cancellationToken);

    /// <summary>The images of one shard, in the order of their rows.</summary>
    /// <exception cref="ObjectStoreException">The list is gone, damaged or cannot be read.</exception>
    public async Task<IReadOnlyList<PlannedImage>> ReadShardAsync(PlannedShard shard, CancellationToken cancellationToken)
    {
        using var file = new MemoryStream();
        await using (var content = await output.OpenReadAsync(shard.File, cancellationToken))
        {
            await content.CopyToAsync(file, cancellationToken);
        }

        var sha256 = PlannedImageFile.Hash(file);
        return sha256 == shard.Sha256
            ? await PlannedImageFile.ReadAsync(file, cancellationToken)
            : throw new ObjectStoreException(
                ObjectStoreFault.Rejected,
                output.UriOf(shard.File),
                $"'{output.UriOf(shard.File)}' was changed since it was planned (sha256 {sha256}, planned {shard.Sha256}): restore it, or start again in an empty output.");
    }
}
