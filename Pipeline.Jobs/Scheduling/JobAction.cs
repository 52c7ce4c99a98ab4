using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Scheduling;

/// <summary>One thing to do for a job.</summary>
internal abstract record JobAction
{
    private JobAction()
    {
    }

    public sealed record EnqueuePlan : JobAction;

    public sealed record EnqueueFinalize : JobAction;

    /// <summary>Deletes the job's Hangfire jobs that are alive, which also stops those being processed.</summary>
    public sealed record DeleteTickets : JobAction;

    /// <summary>Deletes those that no worker has taken.</summary>
    public sealed record Withdraw : JobAction;

    public sealed record MoveTo(JobState State, string? Error = null) : JobAction;
}
