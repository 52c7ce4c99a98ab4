namespace Pipeline.Jobs.State;

/// <summary>All jobs as they were a moment ago, for whoever sorts and searches them: any number of viewers costs what one costs.</summary>
/// <remarks>
/// What has ended does not change, so that a look reads the two sets of ids, the jobs under way, and those that were under way at the last look. The first look reads all.
/// </remarks>
public sealed class JobBoard(JobStore jobs, TimeProvider time)
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
                var active = jobs.ActiveIds().ToHashSet();
                _seen = jobs.AllIds()
                    .Select(id => _seen.TryGetValue(id, out var known) && known.State.IsTerminal() && !active.Contains(id) ? known : Read(id))
                    .OfType<JobView>()
                    .ToDictionary(job => job.Id);
                _at = time.GetTimestamp();
            }

            return [.. _seen.Values];
        }
    }

    private JobView? Read(string id) => jobs.Find(id) is { } job ? JobView.Of(job) : null;
}
