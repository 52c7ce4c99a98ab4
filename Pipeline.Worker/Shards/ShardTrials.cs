using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Scheduling;
using Pipeline.Worker.Progress;

namespace Pipeline.Worker.Shards;

/// <summary>Finds the image that kills workers: part after part of the suspects is worked on alone, and the storage knows which before it begins.</summary>
internal sealed class ShardTrials(RowMaker rows, ShardReport report)
{
    /// <summary>Deaths after which a shard fails its job: it is not one image then.</summary>
    private const int MaxDeaths = 64;

    /// <summary>One trial at a time in the process: a death must not be blamed on the trial of another shard.</summary>
    private static readonly SemaphoreSlim s_oneAtATime = new(1);

    /// <summary>Rows of the images that were suspected, by their places in the shard, reported as they are made; empty if no worker died.</summary>
    /// <param name="images">Of the shard.</param>
    /// <param name="kept">Places of the rows that are there already: nobody can suspect them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PermanentJobException">Too many workers died.</exception>
    public async Task<Dictionary<int, AnnotationRow>> RunAsync(IReadOnlyList<PlannedImage> images, IReadOnlyCollection<int> kept, CancellationToken cancellationToken)
    {
        if (report.Crashes is not { } crashes)
        {
            return [];
        }

        if (crashes.Count > MaxDeaths)
        {
            throw new PermanentJobException(
                $"Its workers died {crashes.Count} times, {crashes.Convicted.Count} of them on one image alone: see why in the workers' logs (memory?), and submit the job again.");
        }

        var made = crashes.Convicted.ToDictionary(index => index, index => rows.WriteOff(images[index]));
        foreach (var row in made.Values)
        {
            report.Add(row);
        }

        if (crashes.Suspects > 0)
        {
            await s_oneAtATime.WaitAsync(cancellationToken);
            try
            {
                while (report.BeginTrial() is { Length: > 0 } trial)
                {
                    await TryAsync([.. trial.Where(index => !made.ContainsKey(index) && !kept.Contains(index))], images, made, cancellationToken);
                    report.Acquit();
                }
            }
            finally
            {
                s_oneAtATime.Release();
            }
        }

        return made;
    }

    private async Task TryAsync(IReadOnlyList<int> trial, IReadOnlyList<PlannedImage> images, Dictionary<int, AnnotationRow> made, CancellationToken cancellationToken)
    {
        var next = 0;
        await foreach (var row in rows.MakeAsync(trial.Select(index => images[index]), cancellationToken))
        {
            made[trial[next++]] = row;
            report.Add(row);
        }
    }
}
