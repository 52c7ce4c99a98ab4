using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Pipeline.Cli.Benchmarks;
using Pipeline.Cli.Display;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline bench watch</c>.</summary>
internal static class BenchWatchCommand
{
    public static Command Create(Terminal terminal)
    {
        var jobs = new Option<int>("--jobs") { Description = "Jobs in the storage, ten of them under way.", DefaultValueFactory = _ => 10_000 };
        var shards = new Option<int>("--shards") { Description = "Shards of all jobs together.", DefaultValueFactory = _ => 1_000_000 };
        var seconds = new Option<int>("--seconds") { Description = "How long each kind of viewer is counted.", DefaultValueFactory = _ => 30 };
        var markdown = new Option<string?>("--markdown") { Description = "Write the results as a page, too.", HelpName = "FILE" };
        var command = new Command(
            "watch",
            "Time the dashboard's pages and the API with many jobs, and count what a viewer costs the database that PIPELINE_CONNECTIONSTRINGS__HANGFIRE names. Needs an empty one of its own, "
            + "on a server that loads pg_stat_statements.")
        {
            jobs, shards, seconds, markdown,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            terminal, parsed.GetValue(jobs), parsed.GetValue(shards), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(markdown), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, int jobs, int shards, TimeSpan each, string? markdown, CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables("PIPELINE_").Build();
        var connection = configuration["Storage"] is "postgres" && configuration.GetConnectionString("Hangfire") is { } text ? text
            : throw CommandException.Usage("PIPELINE_STORAGE: watching is measured on PostgreSQL, which needs PIPELINE_STORAGE=postgres and PIPELINE_CONNECTIONSTRINGS__HANGFIRE.");
        if (jobs < 20 || shards < 20 * jobs)
        {
            throw CommandException.Usage($"--jobs is {jobs:N0} and --shards {shards:N0}: use 20 jobs or more, and 20 shards a job or more.");
        }

        var tables = await new WatchBenchmark(connection, jobs, shards, each, terminal.Line).RunAsync(cancellationToken);
        TitledTable.Show(terminal, tables);
        if (markdown is not null)
        {
            await File.WriteAllTextAsync(markdown, WatchBenchmark.Page(tables, jobs, shards, each), cancellationToken);
        }

        return ExitCode.Success;
    }
}
