using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Dashboard;

/// <summary>What can be asked of a job in the state that it is in. Hangfire's own script asks for confirmation, sends the request with its token, and shows the page anew.</summary>
internal static class JobButtons
{
    /// <param name="job">The job.</param>
    /// <param name="urlOf">Of an action: "pause".</param>
    public static string Of(JobView job, Func<string, string> urlOf)
    {
        string Button(string action, string title, string confirm, string look = "default") =>
            $"<button class=\"btn btn-sm btn-{look}\" type=\"button\" data-ajax=\"{urlOf(action)}\" data-confirm=\"{Markup.Text(confirm)}\" data-loading-text=\"{title}…\">{title}</button>";

        var isOpen = !job.State.IsTerminal() && !job.CancelRequested;
        var canStop = isOpen && job.State is not JobState.Finalizing;
        var priority = job.Schedule.Priority;
        return string.Join(' ', ((string?[])
        [
            canStop && !job.PauseRequested ? Button("pause", "Pause", "Begin no further shard of this job? Those that run are finished.") : null,
            canStop && job.PauseRequested ? Button("resume", "Resume", "Let this job go on?", "primary") : null,
            isOpen && priority < ScheduleSpec.HighestPriority ? Button("raise", "Raise priority", $"Raise the priority from {priority} to {priority + 1}?") : null,
            isOpen && priority > 1 ? Button("lower", "Lower priority", $"Lower the priority from {priority} to {priority - 1}?") : null,
            job.State is JobState.CompletedWithErrors ? Button("retry-failed", "Retry failed", $"Make the {Markup.Count(job.Images.Failed)} failed rows again?", "primary") : null,
            canStop ? Button("cancel", "Cancel", "Stop this job? Committed shards stay, and submitting the spec again continues it.", "danger") : null,
        ]).OfType<string>());
    }
}
