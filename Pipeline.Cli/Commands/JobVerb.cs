using System.CommandLine;
using Pipeline.Cli.Client;
using Pipeline.Cli.Display;
using Pipeline.Jobs.State;

namespace Pipeline.Cli.Commands;

/// <summary>A verb that asks one thing of one job.</summary>
internal static class JobVerb
{
    /// <param name="terminal">Where to.</param>
    /// <param name="name">The verb.</param>
    /// <param name="description">For the help.</param>
    /// <param name="ask">What is asked of the server.</param>
    /// <param name="say">What the answer means.</param>
    public static Command Create(
        Terminal terminal, string name, string description, Func<ApiClient, string, ParseResult, CancellationToken, Task<JobView>> ask, Func<JobView, string> say)
    {
        var id = new Argument<string>("JOB") { Description = "Id of the job, as submit and list print it." };
        var server = new ServerOption();
        var command = new Command(name, description) { id };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = server.Connect(parsed);
            try
            {
                terminal.Line(say(await ask(api, parsed.GetRequiredValue(id), parsed, cancellationToken)));
                return ExitCode.Success;
            }
            catch (ApiException refusal)
            {
                throw Refusals.OfOptions(refusal);
            }
        });
        return command;
    }
}
