using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;

namespace Pipeline.Benchmarks;

/// <summary>A run, look by look, through the product's own code: what the reconciler makes of it, and what the API shows.</summary>
internal sealed class EtaReplay(long total)
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromMinutes(1);

    private JobProgress _progress = new();

    /// <param name="seconds">Since the run began.</param>
    /// <param name="done">Images with a row.</param>
    /// <param name="running">Shards under way.</param>
    /// <param name="ended">Shards that were committed since the last look.</param>
    public void Look(double seconds, long done, int running, int ended = 0)
    {
        var now = s_start.AddSeconds(seconds);
        var shards = Enumerable.Range(0, running).Select(shard => new ShardStatus { Shard = shard, Phase = ShardPhase.Running, Rows = int.MaxValue, UpdatedAt = now });
        _progress = (_progress with { ImagesCommitted = done }).Next([.. shards], now, s_heartbeat, ended);
    }

    /// <param name="state">Of the job.</param>
    /// <param name="other">The job that shares the workers, if there is one.</param>
    public JobView Show(JobState state = JobState.InProgress, EtaReplay? other = null)
    {
        var job = Record("replayed", state);
        var expected = Outlook.Of(other is null ? [job] : [job, other.Record("other", JobState.InProgress)]);
        return JobView.Of(job with { Progress = job.Progress with { ExpectedRunning = expected.TryGetValue(job.Id, out var share) ? share : null } });
    }

    private JobRecord Record(string id, JobState state) => new()
    {
        Id = id,
        Spec = new JobSpec { Source = "/in", Output = "/out", Model = "/model" },
        State = state,
        CreatedAt = s_start,
        EnteredAt = new Dictionary<JobState, DateTimeOffset>(),
        ImagesTotal = total,
        Progress = _progress,
    };
}
