using System.CommandLine;
using Pipeline.Cli.Client;

namespace Pipeline.Cli.Commands;

/// <summary>A command that asks one thing of a running server, with an administrator's key.</summary>
internal static class AdminVerb
{
    public static Command Create(Command command, Func<ParseResult, ApiClient, CancellationToken, Task> run)
    {
        var server = new ServerOption();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = server.Connect(parsed);
            try
            {
                await run(parsed, api, cancellationToken);
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
