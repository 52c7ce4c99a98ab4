using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.State;

/// <summary>A job as people and clients see it: the body of <c>GET /v1/jobs/{id}</c>.</summary>
public sealed record JobView
{
    /// <summary>What a server of an earlier version does not say.</summary>
    private static readonly Dictionary<string, long> s_none = [];

    public required string Id { get; init; }
    /// <summary>Whose it is; null: nobody's in particular.</summary>
    public string? Tenant { get; init; }

    public required JobState State { get; init; }
    public required JobSpec Spec { get; init; }
    public required ImageCounts Images { get; init; }
    /// <summary>Failed images by error code, most frequent first.</summary>
    public IReadOnlyDictionary<string, long> Failures { get => field ?? s_none; init; }

    public required ShardCounts Shards { get; init; }

    /// <summary>Over the last minute; over the whole run once all shards are committed; null while unknown.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>Until the last image, from the whole run, the workers of now and the other jobs that they are shared with; null while unknown, 0 once all are done.</summary>
    public double? EtaSeconds { get; init; }

    /// <summary>It may well come as early as this; null where <see cref="EtaSeconds"/> is, or all are done.</summary>
    public double? EtaSecondsLow { get; init; }

    /// <summary>It may well come as late as this; null where <see cref="EtaSeconds"/> is, or all are done.</summary>
    public double? EtaSecondsHigh { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When each state was entered last, by its name.</summary>
    public required IReadOnlyDictionary<string, DateTimeOffset> StateTimes { get; init; }

    /// <summary>1, and one more each time a failed or cancelled job was continued.</summary>
    public required int Run { get; init; }

    /// <summary>1, and one more each time failed rows are made again.</summary>
    public required int DatasetVersion { get; init; }

    public bool CancelRequested { get; init; }

    /// <summary>The job pauses, or will once it is planned.</summary>
    public bool PauseRequested { get; init; }

    /// <summary>How the job is run now.</summary>
    public required ScheduleSpec Schedule { get; init; }

    /// <summary>Why the job failed; null otherwise.</summary>
    public string? Error { get; init; }

    public static JobView Of(JobRecord job)
    {
        var total = job.ImagesTotal;
        var done = job.Outcome?.Rows ?? job.Progress.ImagesDone;
        // While a continued job is planned anew, its samples are those of the run before.
        var rate = job.State is JobState.Planning ? null : RunRate(job) ?? job.Progress.ImagesPerSecond;
        var left = total - done;
        var isOpen = !job.IsTerminal && job.State is not (JobState.Planning or JobState.Paused);
        var eta = isOpen && left is { } images ? images == 0 ? new JobEta() : JobEta.Of(job.Progress.Pace, images, job.Progress.ExpectedRunning ?? job.Progress.MeanRunning) : null;
        return new JobView
        {
            Id = job.Id,
            Tenant = job.Tenant,
            State = job.State,
            Spec = job.Spec,
            Images = new(total, done, job.Outcome?.FailedRows ?? job.Progress.ImagesFailed),
            Shards = new(job.ShardsTotal, job.Progress.ShardsCommitted, job.Progress.ShardsRunning),
            Failures = job.Progress.Failures,
            ImagesPerSecond = rate,
            EtaSeconds = left is 0 ? 0 : eta?.Seconds,
            EtaSecondsLow = eta?.Low,
            EtaSecondsHigh = eta?.High,
            CreatedAt = job.CreatedAt,
            StateTimes = job.EnteredAt.ToDictionary(entry => JobJson.NameOf(entry.Key), entry => entry.Value),
            Run = job.Run,
            DatasetVersion = job.Version,
            CancelRequested = job.CancelRequested,
            PauseRequested = job.PauseRequested,
            Schedule = job.Schedule,
            Error = job.Error,
        };
    }

    /// <summary>The speed of the whole run, once its last shard is committed. Of a run that was paused nobody knows how long it worked.</summary>
    private static double? RunRate(JobRecord job) =>
        !job.EnteredAt.ContainsKey(JobState.Paused)
        && job.EnteredAt.TryGetValue(JobState.InProgress, out var from)
        && job.EnteredAt.TryGetValue(JobState.Finalizing, out var to) && to > from
            ? (job.Progress.ImagesDone - job.ImagesDoneBefore) / (to - from).TotalSeconds
            : null;
}

/// <summary>Images of a job.</summary>
/// <param name="Total">In the plan; null until planned.</param>
/// <param name="Done">With a row, failures included.</param>
/// <param name="Failed">Of <paramref name="Done"/>, those whose row is a failure.</param>
public sealed record ImageCounts(long? Total, long Done, long Failed);

/// <summary>Shards of a job; <paramref name="Total"/> is null until planned.</summary>
public sealed record ShardCounts(int? Total, int Committed, int Running);

/// <summary>One page of jobs, newest first: the body of <c>GET /v1/jobs</c>.</summary>
/// <param name="Jobs">At most as many as asked for.</param>
/// <param name="Total">Jobs in all.</param>
/// <param name="NextOffset">Where the next page starts; null on the last one.</param>
public sealed record JobPage(IReadOnlyList<JobView> Jobs, long Total, int? NextOffset);

/// <summary>A job's shards in order: the body of <c>GET /v1/jobs/{id}/shards</c>.</summary>
public sealed record ShardPage(IReadOnlyList<ShardStatus> Shards, int Total, int? NextOffset);
