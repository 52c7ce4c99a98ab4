using System.CommandLine;
using Pipeline.Cli.Client;
using Pipeline.Cli.Display;
using Pipeline.Jobs.State;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline cancel JOB</c>.</summary>
internal static class CancelCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("JOB") { Description = "Id of the job, as submit and list print it." };
        var server = new ServerOption();
        var command = new Command("cancel", "Stop a job. What is committed stays, and submitting its spec again continues it.") { id, server.Option };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = server.Connect(parsed);
            try
            {
                var job = await api.CancelAsync(parsed.GetRequiredValue(id), cancellationToken);
                terminal.Line(job.State is JobState.Cancelled
                    ? $"Job {job.Id} is cancelled."
                    : $"Job {job.Id} is asked to stop: 'pipeline status {job.Id}' shows when it has.");
                return ExitCode.Success;
            }
            catch (ApiException refusal)
            {
                throw CommandException.Failure(refusal.Message, refusal);
            }
        });
        return command;
    }
}
