using System.CommandLine;
using Pipeline.Cli.Display;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Models;
using Pipeline.Cli.Requests;
using Pipeline.Cli.Samples;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline demo</c>: the whole product on images that it draws itself, with nothing to set up.</summary>
internal static class DemoCommand
{
    private const int Port = 5080;

    public static Command Create(Terminal terminal)
    {
        var output = new Option<string>("--output", "-o")
        {
            Description = "Folder for the images and the dataset; an earlier demo in it is replaced.",
            HelpName = "DIR",
            DefaultValueFactory = _ => Path.Combine("out", "demo"),
        };
        var keep = new Option<bool>("--keep") { Description = "Leave the server and its dashboard up until Ctrl-C." };
        var command = new Command("demo", "See it work: draws some images, annotates them, and shows what came out next to what is true. Needs no services and no network.")
        {
            output, keep,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            terminal, Path.GetFullPath(parsed.GetRequiredValue(output)), parsed.GetValue(keep), parsed.GetValue(PipelineCommand.Verbose), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string output, bool keep, bool verbose, CancellationToken cancellationToken)
    {
        var folder = DemoFolder.Create(output);
        SampleImages.Write(folder.Images);
        terminal.Line($"Drew {SampleImages.All.Count} images into {folder.Images}.");

        // Always the embedded storage: a demo leaves nothing in anybody's database.
        var settings = new Dictionary<string, string?>(LocalServer.ForThisProcess) { ["Storage"] = "memory" };
        await using var server = await LocalServer.StartAsync(LocalServer.FreeUrl(Port), verbose, settings, cancellationToken);
        terminal.Line($"API, dashboard and worker run in this process: {server.Addresses[0]}");
        try
        {
            return await RunAsync(terminal, server, folder, keep, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.Fail(["Stopped."]);
            return ExitCode.Interrupted;
        }
    }

    private static async Task<int> RunAsync(Terminal terminal, LocalServer server, DemoFolder folder, bool keep, CancellationToken cancellationToken)
    {
        var run = new LocalJob(terminal, server);
        var job = await run.RunAsync(Request(folder).ToJson(), cancellationToken);
        var exitCode = await run.ReportAsync(job, TruthTable.ShowAsync, cancellationToken);
        if (exitCode == ExitCode.Success)
        {
            JobReport.ShowHowToRead(terminal, job.Spec.Output);
            terminal.Line();
            terminal.Line("Now with your own images: pipeline annotate FOLDER --output DIR --question \"Is there a person? [yes-no]\"");
        }

        if (keep)
        {
            terminal.Line();
            terminal.Line($"The dashboard stays up at {server.Addresses[0]} until Ctrl-C.");
            await WaitForStopAsync(cancellationToken);
        }

        return exitCode;
    }

    private static JobRequest Request(DemoFolder folder) => new()
    {
        Source = folder.Images,
        Output = folder.Dataset,
        Model = DefaultModel.Find(),
        Caption = SampleQuestions.Caption,
        Questions = [.. SampleQuestions.All.Select(question => QuestionSyntax.Parse(question.Id, question.Text))],
        MaxTokens = 96,
        ShardSize = 6,
    };

    private static async Task WaitForStopAsync(CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource();
        await using var registration = cancellationToken.Register(stopped.SetResult);
        await stopped.Task;
    }
}
