using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Cli.Display;
using Pipeline.Cli.Hosting;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline serve</c>: API, dashboard and worker in one process, until it is stopped.</summary>
internal static class ServeCommand
{
    public static Command Create(Terminal terminal)
    {
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen, several separated by ';'. Beyond this machine only with authentication: set PIPELINE_AUTH__ADMINKEY.",
            HelpName = "URLS",
            DefaultValueFactory = _ => ServerOption.DefaultServer,
        };
        var command = new Command("serve", "Run API, dashboard and worker in one process, until it is stopped.")
        {
            urls,
        };
        var placement = new PlacementOptions();
        placement.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(terminal, parsed.GetRequiredValue(urls), placement.Settings(parsed).ToDictionary(), parsed.GetValue(PipelineCommand.Verbose), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string urls, Dictionary<string, string?> settings, bool verbose, CancellationToken cancellationToken)
    {
        await using var server = await LocalServer.StartAsync(urls, verbose, settings, cancellationToken);
        foreach (var address in server.Addresses)
        {
            terminal.Line($"Dashboard {address}hangfire");
            terminal.Line($"API       {address}v1/jobs (documented at {address}scalar)");
        }

        var storage = server.Services.GetRequiredService<IConfiguration>()["Storage"];
        terminal.Line(storage is "postgres" ? "Jobs are kept in PostgreSQL." : "Jobs are kept in memory: a restart forgets their states, not their results.");
        terminal.Line("Ctrl-C stops.");
        var stopped = new TaskCompletionSource();
        await using var registration = cancellationToken.Register(stopped.SetResult);
        await stopped.Task;
        terminal.Line("Stopping: shards under way are handed back.");
        return ExitCode.Success;
    }
}
