using System.CommandLine;
using Pipeline.Cli.Display;
using Pipeline.Cli.Hosting;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline annotate SOURCE --output DIR</c>: one job from start to end, in this process.</summary>
internal static class AnnotateCommand
{
    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string>("SOURCE") { Description = "Folder of images, read recursively, or a manifest (.csv, .jsonl, .parquet) or tar file: local or s3://bucket/prefix." };
        var spec = new SpecOptions();
        spec.Output.Required = true;
        var command = new Command("annotate", "Annotate your own images in this process. Stopped in the middle, the same command goes on where it was.")
        {
            source,
        };
        var placement = new PlacementOptions();
        spec.AddTo(command);
        placement.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(terminal, spec.Request(parsed, parsed.GetRequiredValue(source)).ToJson(), placement.Settings(parsed), parsed.GetValue(PipelineCommand.Verbose), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string spec, IEnumerable<KeyValuePair<string, string?>> settings, bool verbose, CancellationToken cancellationToken)
    {
        await using var server = await LocalServer.StartAsync(LocalServer.AnyUrl, verbose, LocalServer.ForThisProcess.Concat(settings).ToDictionary(), cancellationToken);
        try
        {
            var run = new LocalJob(terminal, server);
            var job = await run.RunAsync(spec, cancellationToken);
            var exitCode = await run.ReportAsync(job, DatasetTables.ShowRowsAsync, cancellationToken);
            if (exitCode == ExitCode.Success)
            {
                JobReport.ShowHowToRead(terminal, job.Spec.Output);
            }

            return exitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.Fail(["Stopped. Committed shards are kept: the same command goes on from there."]);
            return ExitCode.Interrupted;
        }
    }
}
