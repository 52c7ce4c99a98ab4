using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Commit;

/// <summary>Removes what crashed and late attempts left: staged files, data files without commit, lists of planners that lost, unfinished writes.</summary>
internal sealed class LeftoverSweep(IObjectStore output)
{
    private const string DataFilePrefix = OutputLayout.Data + "train-";

    public async Task RunAsync(JobPlan plan, IReadOnlyList<DatasetFile> files, CancellationToken cancellationToken)
    {
        var kept = plan.Shards.Select(shard => shard.File).Concat(files.Select(file => file.File)).ToHashSet();
        foreach (var prefix in (string[])[OutputLayout.Staged, OutputLayout.Plans, DataFilePrefix])
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
}
