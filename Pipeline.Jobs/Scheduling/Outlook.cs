using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Scheduling;

/// <summary>What of the workers each job will have until its end: the fair share, played forward, by which a job gets slower when another comes and faster when one ends.</summary>
public static class Outlook
{
    /// <param name="jobs">Those that are worked on, or wait for nothing but a place.</param>
    /// <returns>Shards under way until its end, on average, by job; empty where nothing runs, or nothing is known of any job's pace.</returns>
    /// <remarks>
    /// As <see cref="FairShare"/> has it, rows served stand as weights: all jobs gain as many rows for their weight in the same time, and the one with the fewest left for its weight ends first. What jobs take that come
    /// later nobody knows.
    /// </remarks>
    public static IReadOnlyDictionary<string, double> Of(IEnumerable<JobRecord> jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        var paces = jobs.Select(job => (Job: job, Rate: JobEta.RateOf(job.Progress.Pace))).ToList();
        var known = paces.Where(pace => pace.Rate is > 0).Select(pace => pace.Rate!.Value).ToList();
        var workers = paces.Sum(pace => pace.Job.Progress.MeanRunning);
        if (workers <= 0 || known.Count == 0)
        {
            return new Dictionary<string, double>();
        }

        // Of a job that is new, or gave nothing yet: as fast as the others, for all use the same workers.
        var usual = known.Average();
        var open = paces.Select(pace => new Claim(pace.Job, pace.Rate is > 0 and var rate ? rate : usual)).Where(claim => claim.Left > 0).OrderBy(claim => claim.Left / claim.Weight).ToList();
        var cost = open.Sum(claim => claim.Weight / claim.Rate);
        var (seconds, gained) = (0.0, 0.0);
        var shares = new Dictionary<string, double>();
        foreach (var claim in open)
        {
            var each = claim.Left / claim.Weight;
            seconds += (each - gained) * cost / workers;
            gained = each;
            cost -= claim.Weight / claim.Rate;
            var share = claim.Left / claim.Rate / seconds;
            shares[claim.Job.Id] = Math.Min(share, claim.Job.Schedule.MaxConcurrentShards ?? share);
        }

        return shares;
    }

    private readonly record struct Claim(JobRecord Job, double Rate)
    {
        public double Left => Job.ImagesTotal.GetValueOrDefault() - Job.Progress.ImagesDone;

        public double Weight => FairShare.WeightOf(Job.Schedule.Priority);
    }
}
