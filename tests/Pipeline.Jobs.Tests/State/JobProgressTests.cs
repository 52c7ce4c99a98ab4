using System.Text.Json;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Tests.Specs;

namespace Pipeline.Jobs.Tests.State;

public sealed class JobProgressTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(60);

    [Fact]
    public void Shards_are_summed_and_a_stale_one_does_not_run()
    {
        var progress = new JobProgress().Commit([Shard(0, ShardPhase.Committed, done: 10, failed: 2, age: 900)]).Next(
            [
                Shard(1, ShardPhase.Running, done: 4, failed: 1, age: 60),
                Shard(2, ShardPhase.Running, done: 3, failed: 0, age: 61),
                Shard(3, ShardPhase.Pending, done: 0, failed: 0, age: 0),
            ],
            s_start,
            s_heartbeat);

        Assert.Equal((17, 3, 1, 1), (progress.ImagesDone, progress.ImagesFailed, progress.ShardsCommitted, progress.ShardsRunning));
        Assert.Null(progress.ImagesPerSecond);
    }

    [Fact]
    public void A_job_that_an_earlier_version_left_under_way_goes_on()
    {
        var before = JsonSerializer.Deserialize("""{"images_done":40,"images_failed":3,"shards_committed":4,"shards_running":1,"samples":[]}""", JobJson.Default.JobProgress)!;

        var view = JobView.Of(Job(JobState.InProgress) with { Progress = before });
        var next = before.Next([Shard(0, ShardPhase.Running, 50)], s_start, s_heartbeat);

        Assert.Empty(view.Failures);
        Assert.Null(view.EtaSecondsLow);
        Assert.Equal((50L, 1), (next.ImagesDone, next.Pace.Points.Count));
    }

    [Fact]
    public void Speed_is_that_of_the_last_minute()
    {
        var progress = new JobProgress();
        for (var second = 0; second <= 180; second++)
        {
            // 1 image/s for two minutes, then 5.
            progress = progress.Next([Shard(0, ShardPhase.Running, Math.Min(second, 120) + 5 * Math.Max(0, second - 120))], s_start.AddSeconds(second), s_heartbeat);
        }

        Assert.Equal(5, progress.ImagesPerSecond!.Value, 3);
        Assert.InRange(progress.Samples.Count, 2, 32);
    }

    [Fact]
    public void A_shard_that_begins_again_does_not_make_the_speed_negative()
    {
        var progress = new JobProgress().Next([Shard(0, ShardPhase.Running, 50)], s_start, s_heartbeat)
            .Next([Shard(0, ShardPhase.Running, 0)], s_start.AddSeconds(10), s_heartbeat)
            .Next([Shard(0, ShardPhase.Running, 20)], s_start.AddSeconds(20), s_heartbeat);
        Assert.Equal(2, progress.ImagesPerSecond!.Value, 3);
    }

    [Fact]
    public void A_running_job_shows_speed_and_time_left()
    {
        var progress = new JobProgress();
        for (var second = 0; second <= 20; second++)
        {
            progress = progress.Next([Shard(0, ShardPhase.Running, 2 * second)], s_start.AddSeconds(second), s_heartbeat);
        }

        var view = JobView.Of(Job(JobState.InProgress) with { Progress = progress });
        Assert.Equal(2, view.ImagesPerSecond!.Value, 6);
        Assert.Equal(30, view.EtaSeconds!.Value, 6);
        Assert.InRange(30, view.EtaSecondsLow!.Value, view.EtaSecondsHigh!.Value);
        Assert.Equal(new ImageCounts(100, 40, 0), view.Images);
    }

    [Fact]
    public void No_time_left_is_shown_before_enough_was_seen_to_say_how_sure_it_is()
    {
        var view = JobView.Of(Job(JobState.InProgress) with
        {
            Progress = new JobProgress { ImagesDone = 40, Samples = [new(s_start, 20), new(s_start.AddSeconds(10), 40)] },
        });
        Assert.Equal((2.0, null, null), (view.ImagesPerSecond, view.EtaSeconds, view.EtaSecondsLow));
    }

    [Fact]
    public void A_job_that_is_planned_anew_does_not_show_the_speed_of_its_last_run()
    {
        var view = JobView.Of(Job(JobState.Planning) with
        {
            Progress = new JobProgress { ImagesDone = 40, Samples = [new(s_start, 20), new(s_start.AddSeconds(10), 40)] },
        });
        Assert.Equal((null, null), (view.ImagesPerSecond, view.EtaSeconds));
    }

    [Fact]
    public void A_completed_job_shows_the_speed_of_its_own_run_and_the_counts_of_its_manifest()
    {
        var job = Job(JobState.CompletedWithErrors);
        var view = JobView.Of(job with
        {
            ImagesDoneBefore = 60,
            Outcome = new JobOutcome(100, 7),
            Progress = new JobProgress { ImagesDone = 100, ShardsCommitted = 4 },
            EnteredAt = new Dictionary<JobState, DateTimeOffset> { [JobState.InProgress] = s_start, [JobState.Finalizing] = s_start.AddSeconds(20) },
        });
        Assert.Equal((2.0, 0.0), (view.ImagesPerSecond, view.EtaSeconds));
        Assert.Equal(new ImageCounts(100, 100, 7), view.Images);
        Assert.Equal(["in_progress", "finalizing"], view.StateTimes.Keys);
    }

    private static JobRecord Job(JobState state) => new()
    {
        Id = "job-1",
        Spec = SpecSamples.Spec(),
        State = state,
        CreatedAt = s_start,
        EnteredAt = new Dictionary<JobState, DateTimeOffset> { [JobState.Planning] = s_start },
        ImagesTotal = 100,
        ShardsTotal = 4,
    };

    private static ShardStatus Shard(int index, ShardPhase phase, int done, int failed = 0, int age = 0) =>
        new() { Shard = index, Phase = phase, Rows = 1_000, Done = done, FailedRows = failed, UpdatedAt = s_start.AddSeconds(-age) };
}
