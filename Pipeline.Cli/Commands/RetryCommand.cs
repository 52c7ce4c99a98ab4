using System.CommandLine;
using Pipeline.Cli.Display;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline retry JOB</c>.</summary>
internal static class RetryCommand
{
    public static Command Create(Terminal terminal) => JobVerb.Create(
        terminal,
        "retry",
        "Make the failed rows of a finished job again, into the same dataset.",
        (api, id, _, cancellationToken) => api.AskAsync(id, "retry-failed", cancellationToken),
        job => $"Job {job.Id} makes its failed rows again, for version {job.DatasetVersion} of the dataset: 'pipeline status {job.Id} --watch' follows it.");
}
