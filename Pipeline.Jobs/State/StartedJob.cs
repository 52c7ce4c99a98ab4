namespace Pipeline.Jobs.State;

/// <summary>What <see cref="JobStore.Start"/> found and did.</summary>
public sealed record StartedJob(JobRecord Job, StartKind Kind);

public enum StartKind
{
    /// <summary>The storage did not know the job.</summary>
    Created,

    /// <summary>It had failed or been cancelled, and goes on now.</summary>
    Continued,

    /// <summary>It runs or is complete.</summary>
    Unchanged,
}
