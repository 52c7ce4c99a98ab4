using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Cli.Benchmarks;
using Pipeline.Cli.Display;
using Pipeline.Cli.Models;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline bench pipeline FOLDER</c>.</summary>
internal static class BenchPipelineCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("FOLDER") { Description = "Free folder in S3, or a local one, for images and datasets. They are left there." };
        var listed = Numbers("--listed", "Numbers of listed objects to plan, separated by commas.", "10000,100000,1000000");
        var rows = Numbers("--rows", "Rows of the runs that costs are taken from, separated by commas.", "10000,100000");
        var workers = Numbers("--workers", "Numbers of worker processes, separated by commas.", "1,2,4,8");
        var latency = new Option<double>("--latency") { Description = "Seconds of an answer where workers are counted.", DefaultValueFactory = _ => 2 };
        var slots = new Option<int>("--slots") { Description = "Images answered at a time there.", DefaultValueFactory = _ => 32 };
        var seconds = new Option<double>("--seconds") { Description = "Length of a run there.", DefaultValueFactory = _ => 120 };
        var bytes = new Option<int>("--image-bytes") { Description = "Length of an image file.", DefaultValueFactory = _ => 20_000 };
        var markdown = new Option<string?>("--markdown") { Description = "Write the results as a page, too.", HelpName = "FILE" };
        var command = new Command(
            "pipeline",
            "Time all but the model: planning, and whole jobs with a model that only takes time, on the PostgreSQL and S3 that PIPELINE_… name. "
            + "Needs a database of its own. Give it the machine for itself.")
        {
            folder, listed, rows, workers, latency, slots, seconds, bytes, markdown,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            terminal,
            new PipelineBenchSettings
            {
                Folder = parsed.GetRequiredValue(folder).TrimEnd('/'),
                Listed = parsed.GetValue(listed)!,
                Rows = parsed.GetValue(rows)!,
                Workers = parsed.GetValue(workers)!,
                Latency = parsed.GetValue(latency),
                Slots = parsed.GetValue(slots),
                Seconds = parsed.GetValue(seconds),
                ImageBytes = parsed.GetValue(bytes),
            },
            parsed.GetValue(markdown), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, PipelineBenchSettings settings, string? markdown, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddEnvironmentVariables("PIPELINE_");
        var connection = builder.Configuration["Storage"] is "postgres" && builder.Configuration.GetConnectionString("Hangfire") is { } text ? text
            : throw CommandException.Usage("PIPELINE_STORAGE: workers are processes of their own, which need PIPELINE_STORAGE=postgres and PIPELINE_CONNECTIONSTRINGS__HANGFIRE.");
        builder.Services.AddPipelineStorage(builder.Configuration);
        builder.Services.AddPipelineSubmission();
        await using var services = builder.Services.BuildServiceProvider();
        var report = await new PipelineBenchmark(settings, services, connection, DefaultModel.Find(), terminal.Line).RunAsync(cancellationToken);
        var tables = PipelineBenchTables.Of(report, settings);
        TitledTable.Show(terminal, tables);
        if (markdown is not null)
        {
            await File.WriteAllTextAsync(markdown, PipelineBenchTables.Page(tables, settings), cancellationToken);
        }

        return ExitCode.Success;
    }

    private static Option<int[]> Numbers(string name, string description, string values) => new(name)
    {
        Description = $"{description} Default {values}.",
        HelpName = "N,N,…",
        CustomParser = result => [.. result.Tokens.Single().Value.Split(',').Select(int.Parse)],
        DefaultValueFactory = _ => [.. values.Split(',').Select(int.Parse)],
    };
}
