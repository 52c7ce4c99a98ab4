using System.CommandLine;
using Pipeline.Cli.Display;
using Pipeline.Jobs.State;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline cancel JOB</c>.</summary>
internal static class CancelCommand
{
    public static Command Create(Terminal terminal) => JobVerb.Create(
        terminal,
        "cancel",
        "Stop a job. What is committed stays, and submitting its spec again continues it.",
        (api, id, _, cancellationToken) => api.AskAsync(id, "cancel", cancellationToken),
        job => job.State is JobState.Cancelled
            ? $"Job {job.Id} is cancelled."
            : $"Job {job.Id} is asked to stop: 'pipeline status {job.Id}' shows when it has.");
}
