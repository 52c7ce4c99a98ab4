using FsCheck;
using FsCheck.Fluent;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Tests.Scheduling;

/// <summary>What holds after any sequence of events: work, crashes, lost and deleted Hangfire jobs, failures, pauses and cancels.</summary>
public sealed class DecisionsProperties
{
    private static readonly Arbitrary<(int Shards, int Window, int[] Events)> s_stories = (
        from shards in Gen.Choose(1, 12)
        from window in Gen.Choose(1, 5)
        from length in Gen.Choose(0, 200)
        from events in Gen.Choose(0, 1 << 20).ArrayOf(length)
        select (shards, window, events)).ToArbitrary();

    [Fact]
    public void Once_the_world_calms_down_every_job_ends() => Check((job, _) =>
        job.State.IsTerminal());

    [Fact]
    public void A_completed_job_has_lost_no_shard() => Check((job, story) =>
        job.State is not JobState.Completed || job.Committed == story.Shards);

    [Fact]
    public void Never_are_more_shards_under_way_than_the_job_may_have() => Check((job, story) =>
        job.Busiest <= story.Window);

    [Fact]
    public void The_stories_reach_every_end()
    {
        // Guards the properties above: if no story failed or was cancelled, they would prove little.
        var ends = s_stories.Generator.Sample(500, 2_000).Select(story => Play(story).State).ToHashSet();
        Assert.Superset(new HashSet<JobState> { JobState.Completed, JobState.Failed, JobState.Cancelled }, ends);
    }

    private static void Check(Func<SimulatedJob, (int Shards, int Window, int[] Events), bool> holds) =>
        Prop.ForAll(s_stories, story => holds(Play(story), story))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static SimulatedJob Play((int Shards, int Window, int[] Events) story)
    {
        var job = new SimulatedJob(story.Shards, story.Window);
        Array.ForEach(story.Events, job.Happen);

        // Planning, then at least one shard a round, then finalizing: this many rounds are enough for any job.
        for (var round = 0; round < story.Shards + 6 && !job.State.IsTerminal(); round++)
        {
            job.CalmRound();
        }

        return job;
    }
}
