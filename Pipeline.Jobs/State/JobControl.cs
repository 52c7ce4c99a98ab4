using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.State;

/// <summary>What people ask of a running job. It is written down here; the reconciler and the workers do it.</summary>
public sealed class JobControl(JobStore jobs, TimeProvider time)
{
    /// <summary>Asks for the job to stop. False if it is past stopping: terminal, finalizing, or unknown.</summary>
    public bool RequestCancel(string jobId) => jobs.TryChange(jobId, job => job switch
    {
        { IsTerminal: true } or { State: JobState.Finalizing } => null,
        { CancelRequested: true } => Nothing,
        _ => Field(JobFields.CancelRequested, JobFields.Text(time.GetUtcNow())),
    });

    /// <summary>Asks for no further shard to be begun. False if the job does not work any more, or is unknown.</summary>
    public bool RequestPause(string jobId) => jobs.TryChange(jobId, job => job switch
    {
        { IsTerminal: true } or { CancelRequested: true } or { State: JobState.Finalizing } => null,
        { PauseRequested: true } => Nothing,
        _ => Field(JobFields.PauseRequested, JobFields.Text(time.GetUtcNow())),
    });

    /// <summary>Lets a paused job go on. False if it is past that, or unknown; nothing happens to one that is not paused.</summary>
    public bool Resume(string jobId) => jobs.TryChange(jobId, job => job switch
    {
        { IsTerminal: true } or { CancelRequested: true } => null,
        _ => Field(JobFields.PauseRequested, ""),
    });

    /// <summary>Changes how the job is run from now on. False if it has ended, or is unknown.</summary>
    public bool ChangeSchedule(string jobId, Func<ScheduleSpec, ScheduleSpec> change) => jobs.TryChange(
        jobId, job => job.IsTerminal ? null : Field(JobFields.Schedule, JobFields.Text(change(job.Schedule))));

    private static Dictionary<string, string> Nothing => [];

    private static Dictionary<string, string> Field(string name, string value) => new() { [name] = value };
}
