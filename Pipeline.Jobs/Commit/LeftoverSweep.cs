using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Commit;

/// <summary>Removes what crashed and late attempts left: staged files, data files without commit, lists of planners that lost, unfinished writes.</summary>
internal sealed class LeftoverSweep(IObjectStore output)
{
    private const string DataFilePrefix = OutputLayout.Data + "train-";

    public async Task RunAsync(JobPlan plan, IReadOnlyList<DatasetFile> files, int version, CancellationToken cancellationToken)
    {
        var kept = plan.Shards.Select(shard => shard.File).Concat(files.Select(file => file.File)).ToHashSet();
        foreach (var prefix in (string[])[OutputLayout.Staged, OutputLayout.Plans, DataFilePrefix, .. StagedOf(version)])
        {
            await foreach (var found in output.ListAsync(prefix, cancellationToken))
            {
                if (!kept.Contains(found.Key))
                {
                    await output.DeleteAsync(found.Key, cancellationToken);
                }
            }
        }

        await output.DiscardPartialWritesAsync("", cancellationToken);
    }

    /// <summary>Of the versions that are in place; what a retry under way has staged is not among them.</summary>
    private static IEnumerable<string> StagedOf(int version) =>
        Enumerable.Range(2, version - 1).Select(earlier => OutputLayout.StagedOf(0, 0, "", earlier)[..^"00000-0-.parquet".Length]);
}
