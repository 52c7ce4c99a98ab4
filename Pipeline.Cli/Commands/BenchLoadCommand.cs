using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Pipeline.Cli.Benchmarks;
using Pipeline.Cli.Display;
using Pipeline.Cli.Models;
using Pipeline.Jobs.Storage;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline bench load FOLDER</c>.</summary>
internal static class BenchLoadCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("FOLDER") { Description = "Free folder in S3, or a local one, for images and datasets. They are left there." };
        var clients = new Option<int>("--clients") { Description = "Callers at a time, each with a key of its own.", DefaultValueFactory = _ => 200 };
        var images = new Option<int>("--images") { Description = "Images of each of the four larger jobs that run meanwhile.", DefaultValueFactory = _ => 400 };
        var seconds = new Option<int>("--seconds") { Description = "How long they ask.", DefaultValueFactory = _ => 300 };
        var pause = new Option<int>("--pause") { Description = "Mean pause of a client before its next request, in milliseconds.", DefaultValueFactory = _ => 1_000 };
        var markdown = new Option<string?>("--markdown") { Description = "Write the results as a page, too.", HelpName = "FILE" };
        var command = new Command(
            "load",
            "Time an API process under many callers while jobs run, on the PostgreSQL and S3 that PIPELINE_… name. Needs a database of its own. Exit code 1 if an answer was wrong or a job lost an image.")
        {
            folder, clients, images, seconds, pause, markdown,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            terminal,
            new LoadSettings
            {
                Folder = parsed.GetRequiredValue(folder).TrimEnd('/'),
                Clients = parsed.GetValue(clients),
                Images = parsed.GetValue(images),
                Duration = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                Pause = TimeSpan.FromMilliseconds(parsed.GetValue(pause)),
            },
            parsed.GetValue(markdown), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, LoadSettings settings, string? markdown, CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables("PIPELINE_").Build();
        if (configuration["Storage"] is not "postgres")
        {
            throw CommandException.Usage("PIPELINE_STORAGE: API and worker are processes of their own, which need PIPELINE_STORAGE=postgres and PIPELINE_CONNECTIONSTRINGS__HANGFIRE.");
        }

        using var stores = new ObjectStores(S3Options.From(configuration), TimeProvider.System);
        var report = await new LoadBenchmark(settings, stores, DefaultModel.Find(), terminal.Line).RunAsync(cancellationToken);
        var tables = LoadTables.Of(report, settings);
        TitledTable.Show(terminal, tables);
        if (markdown is not null)
        {
            await File.WriteAllTextAsync(markdown, LoadTables.Page(tables, settings), cancellationToken);
        }

        return report.Faults.Count == 0 && report.Answers.All(answer => answer.IsExpected) ? ExitCode.Success : ExitCode.Failure;
    }
}
