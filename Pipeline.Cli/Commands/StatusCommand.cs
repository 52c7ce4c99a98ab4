using System.CommandLine;
using Pipeline.Cli.Client;
using Pipeline.Cli.Display;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline status JOB</c>.</summary>
internal static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("JOB") { Description = "Id of the job, as submit and list print it." };
        var watch = new Option<bool>("--watch", "-w") { Description = "Follow the job until it ends; exit code 1 if it fails or is cancelled." };
        var server = new ServerOption();
        var json = JsonOption.Create();
        var command = new Command("status", "Show where a job stands.") { id, watch, json };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = server.Connect(parsed);
            try
            {
                var job = await api.GetAsync(parsed.GetRequiredValue(id), cancellationToken);
                return await JobOutput.ShowAsync(terminal, api, job, parsed.GetValue(watch), parsed.GetValue(json), cancellationToken);
            }
            catch (ApiException refusal)
            {
                throw CommandException.Failure(refusal.Message, refusal);
            }
        });
        return command;
    }
}
