using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Tests.Specs;

namespace Pipeline.Jobs.Tests.Scheduling;

public sealed class OutlookTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_job_by_itself_keeps_what_it_has() => Assert.Equal(3, Outlook.Of([Job("a", left: 300, running: 3)])["a"], 6);

    [Fact]
    public void Two_jobs_share_until_the_shorter_one_ends()
    {
        // 4 images a second in all: 100 of each take 50 s, the other 200 of the longer another 50.
        var shares = Outlook.Of([Job("long", left: 300, running: 3), Job("short", left: 100, running: 1)]);

        Assert.Equal(100 / 50.0, shares["short"], 6);
        Assert.Equal(300 / 100.0, shares["long"], 6);
    }

    [Fact]
    public void A_step_of_priority_doubles_a_jobs_rows()
    {
        // While 100 of the usual one are made, 200 of the other are: 300 images take 75 s.
        var shares = Outlook.Of([Job("usual", left: 100, running: 2), Job("higher", left: 200, running: 2, schedule: new ScheduleSpec { Priority = ScheduleSpec.DefaultPriority + 1 })]);

        Assert.Equal(100 / 75.0, shares["usual"], 6);
        Assert.Equal(200 / 75.0, shares["higher"], 6);
    }

    [Fact]
    public void Of_a_job_that_is_new_the_pace_of_the_others_is_expected()
    {
        var shares = Outlook.Of([Job("a", left: 300, running: 4), Job("new", left: 0, running: 0) with { Progress = new JobProgress() }]);

        Assert.Equal(300 / 100.0, shares["a"], 6);
    }

    [Fact]
    public void Of_a_job_whose_shards_began_again_too()
    {
        var back = Job("back", left: 100, running: 0);
        back = back with { Progress = back.Progress with { Pace = new JobPace { Points = [.. Enumerable.Range(0, 11).Select(i => new PacePoint(s_start.AddSeconds(i), 100 - (10 * i), 10 * i))] } } };

        Assert.Equal(300 / 100.0, Outlook.Of([Job("a", left: 300, running: 4), back])["a"], 6);
    }

    [Fact]
    public void A_job_gets_no_more_than_its_limit()
    {
        var shares = Outlook.Of([Job("a", left: 300, running: 1, schedule: new ScheduleSpec { MaxConcurrentShards = 1 }), Job("b", left: 100, running: 3)]);

        Assert.Equal(1, shares["a"], 6);
    }

    [Fact]
    public void Where_nothing_runs_or_is_known_nothing_is_said()
    {
        Assert.Empty(Outlook.Of([]));
        Assert.Empty(Outlook.Of([Job("a", left: 300, running: 0)]));
        Assert.Empty(Outlook.Of([Job("a", left: 100, running: 1) with { Progress = new JobProgress { ShardsRunning = 1 } }]));
    }

    /// <summary>An image a second and shard.</summary>
    private static JobRecord Job(string id, long left, double running, ScheduleSpec? schedule = null)
    {
        const int Done = 100;
        return new JobRecord
        {
            Id = id,
            Spec = SpecSamples.Spec(),
            Schedule = schedule ?? new ScheduleSpec(),
            State = JobState.InProgress,
            CreatedAt = s_start,
            EnteredAt = new Dictionary<JobState, DateTimeOffset>(),
            ImagesTotal = Done + left,
            Progress = new JobProgress
            {
                ImagesDone = Done,
                Samples = [new(s_start, Done, 0), new(s_start.AddSeconds(20), Done, 20 * running)],
                Pace = new JobPace { Points = [.. Enumerable.Range(0, 11).Select(i => new PacePoint(s_start.AddSeconds(i), 10 * i, 10 * i))] },
            },
        };
    }
}
