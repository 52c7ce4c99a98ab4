namespace Pipeline.Jobs.State;

/// <summary>All jobs as they were a moment ago, for whoever sorts and searches them: any number of viewers costs what one costs.</summary>
/// <remarks>
/// What has ended does not change, so that a look reads the two sets of ids, the jobs under way, and those that were under way at the last look. The first look reads all.
/// </remarks>
/// <param name="jobs">Reads one job at a time.</param>
/// <param name="time">How old a look is.</param>
/// <param name="rows">Reads many at once; null where the storage cannot.</param>
public sealed class JobBoard(JobStore jobs, TimeProvider time, JobRows? rows = null)
{
    /// <summary>A look that is younger is shown again.</summary>
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(2);

    private readonly Lock _looking = new();
    private IReadOnlyDictionary<string, JobView> _seen = new Dictionary<string, JobView>();
    private long? _at;

    /// <summary>In no particular order.</summary>
    public IReadOnlyCollection<JobView> Look()
    {
        lock (_looking)
        {
            if (_at is not { } last || time.GetElapsedTime(last) >= s_fresh)
            {
                var (all, active) = rows?.Ids() ?? (jobs.AllIds(), jobs.ActiveIds().ToHashSet());
                var changing = all.Where(id => !(_seen.TryGetValue(id, out var known) && known.State.IsTerminal() && !active.Contains(id))).ToList();
                var read = (rows?.Find(changing) ?? changing.Select(jobs.Find).OfType<JobRecord>()).ToDictionary(job => job.Id, JobView.Of);
                _seen = all.Select(id => read.GetValueOrDefault(id) ?? _seen.GetValueOrDefault(id)).OfType<JobView>().ToDictionary(job => job.Id);
                _at = time.GetTimestamp();
            }

            return [.. _seen.Values];
        }
    }
}
