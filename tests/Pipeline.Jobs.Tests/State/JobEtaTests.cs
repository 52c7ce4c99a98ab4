using Pipeline.Benchmarks;
using Pipeline.Jobs.State;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.State;

public sealed class JobEtaTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Over_runs_whose_speed_changes_half_of_the_estimates_are_off_by_a_tenth_at_most_and_the_range_holds_four_of_five()
    {
        var looks = EtaTrace.Kinds.SelectMany(kind => Enumerable.Range(1_000, 40).Select(seed => new EtaTrace(kind, seed).LookAt(0.5))).ToList();
        var errors = looks.Select(look => Math.Abs(look.Shown.EtaSeconds!.Value - look.Took) / look.Took).Order().ToList();

        Assert.InRange(errors[errors.Count / 2], 0, 0.12);
        Assert.InRange((double)looks.Count(look => look.Shown.EtaSecondsLow <= look.Took && look.Took <= look.Shown.EtaSecondsHigh) / looks.Count, 0.8, 1);
    }

    [Fact]
    public void Over_recorded_runs_of_real_jobs_half_of_the_estimates_are_off_by_a_tenth_at_most_and_the_range_holds_four_of_five()
    {
        var runs = EtaRecording.ReadAll(Path.Combine(Repository.Root, "benchmarks", "results", "eta-traces"));
        var outcomes = runs.Select(run => EtaOutcome.Of(run.Replayed(0.5))).OfType<EtaOutcome>().ToList();

        Assert.InRange(outcomes.Count, 24, runs.Count);
        Assert.InRange(EtaOutcome.MedianError(outcomes), 0, 0.1);
        Assert.InRange(EtaOutcome.ShareInRange(outcomes), 0.8, 1);
    }

    [Fact]
    public void A_worker_that_joins_is_counted_at_once()
    {
        // Two shards make 2 images a second for an hour, then eight shards make 8.
        var pace = Run(new JobPace(), 0, 3_600, perShard: 1, running: 2);
        pace = Run(pace, 3_600, 60, perShard: 1, running: 8);

        Assert.Equal(1_000, JobEta.Of(pace, left: 8_000, running: 8)!.Value.Seconds, 30.0);
    }

    [Fact]
    public void A_pause_changes_nothing()
    {
        var pace = Run(new JobPace(), 0, 1_000, perShard: 1, running: 2);
        var before = JobEta.Of(pace, 5_000, 2);

        var after = JobEta.Of(pace.Next(s_start.AddDays(1), 2_000, 0), 5_000, 2);

        Assert.Equal(before!.Value.Seconds, after!.Value.Seconds, 1.0);
        Assert.Null(JobEta.Of(pace, 5_000, running: 0));
    }

    [Fact]
    public void Points_stay_few_however_long_the_run()
    {
        var pace = Run(new JobPace(), 0, 200_000, perShard: 0.5, running: 3);
        Assert.InRange(pace.Points.Count, 16, 64);
        Assert.Equal(10_000 / 1.5, JobEta.Of(pace, 10_000, 3)!.Value.Seconds, 20.0);
    }

    private static JobPace Run(JobPace pace, int from, int seconds, double perShard, int running)
    {
        var done = pace.Points is [.., var last] ? last.Done : 0;
        for (var second = 1; second <= seconds; second++)
        {
            pace = pace.Next(s_start.AddSeconds(from + second), done + (long)(second * perShard * running), running);
        }

        return pace;
    }
}
