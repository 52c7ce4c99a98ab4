using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.State;

/// <summary>A job as the storage holds it.</summary>
public sealed record JobRecord
{
    public required string Id { get; init; }
    public required JobSpec Spec { get; init; }
    /// <summary>Whose it is; null: nobody's in particular.</summary>
    public string? Tenant { get; init; }

    /// <summary>All that it may read and write, by the limits of its tenant when it was submitted; null: what the process may.</summary>
    public IReadOnlyList<string>? Places { get; init; }

    public required JobState State { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When each state was entered last; only states that were.</summary>
    public required IReadOnlyDictionary<JobState, DateTimeOffset> EnteredAt { get; init; }

    /// <summary>1 for the first submission, and one more each time a failed or cancelled job was continued.</summary>
    public int Run { get; init; } = 1;

    /// <summary>Of the dataset that is made or was made last: 1, and one more each time failed rows are made again.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Why the job failed; null otherwise.</summary>
    public string? Error { get; init; }

    public bool CancelRequested { get; init; }

    /// <summary>The job is to pause, or pauses.</summary>
    public bool PauseRequested { get; init; }

    public ScheduleSpec Schedule { get; init; } = new();

    /// <summary>Rows handed to workers so far, by weight: what <c>FairShare</c> compares.</summary>
    public double Served { get; init; }

    /// <summary>Null until planned.</summary>
    public long? ImagesTotal { get; init; }

    /// <summary>Null until planned in this run.</summary>
    public int? ShardsTotal { get; init; }

    /// <summary>Images in shards that earlier runs had committed: this run's speed does not count them.</summary>
    public long ImagesDoneBefore { get; init; }

    /// <summary>Hangfire's id of the planning or finalizing job that the reconciler enqueued last.</summary>
    public string? ControlTicket { get; init; }

    public JobProgress Progress { get; init; } = new();

    /// <summary>Null until the dataset is finished.</summary>
    public JobOutcome? Outcome { get; init; }

    public bool IsTerminal => State.IsTerminal();
}
