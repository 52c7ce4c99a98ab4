using System.CommandLine;
using Pipeline.Cli.Display;
using Pipeline.Jobs.State;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline pause JOB</c> and <c>pipeline resume JOB</c>.</summary>
internal static class PauseCommands
{
    public static Command CreatePause(Terminal terminal) => JobVerb.Create(
        terminal,
        "pause",
        "Begin no further shard of a job. Shards that run are finished and committed.",
        (api, id, _, cancellationToken) => api.AskAsync(id, "pause", cancellationToken),
        job => job.State is JobState.Paused ? $"Job {job.Id} is paused." : $"Job {job.Id} is asked to pause: 'pipeline resume {job.Id}' lets it go on.");

    public static Command CreateResume(Terminal terminal) => JobVerb.Create(
        terminal,
        "resume",
        "Let a paused job go on.",
        (api, id, _, cancellationToken) => api.AskAsync(id, "resume", cancellationToken),
        job => $"Job {job.Id} goes on.");
}
