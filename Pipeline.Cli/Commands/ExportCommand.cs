using System.CommandLine;
using Pipeline.Cli.Datasets;
using Pipeline.Cli.Display;
using Pipeline.Cli.Exports;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline export OUTPUT --format FORMAT --to DIR</c>: a finished dataset in another form.</summary>
internal static class ExportCommand
{
    private const string Llava = "llava";
    private const string WebDataset = "webdataset";

    public static Command Create(Terminal terminal)
    {
        var output = new Argument<string>("OUTPUT") { Description = "The --output of a job that is done, local or s3://bucket/prefix." };
        var format = new Option<string>("--format")
        {
            Description = $"{Llava}: conversations, one JSON object a line. {WebDataset}: tar files of image, text and JSON.",
            Required = true,
        };
        format.AcceptOnlyFromAmong(Llava, WebDataset);
        var to = new Option<string>("--to") { Description = "A new or empty local folder to write into.", HelpName = "DIR", Required = true };
        var keepDefects = new Option<bool>("--keep-defects") { Description = "Write captions too that are empty, cut off, loop or refuse." };
        var command = new Command("export", "Write a finished dataset in the form that other training code reads.") { output, format, to, keepDefects };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            terminal, parsed.GetRequiredValue(output), parsed.GetRequiredValue(format), parsed.GetRequiredValue(to), parsed.GetValue(keepDefects), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal, string output, string format, string to, bool keepDefects, CancellationToken cancellationToken)
    {
        using var dataset = await FinishedDataset.OpenAsync(output, cancellationToken);
        try
        {
            var folder = Directory.CreateDirectory(to);
            if (folder.EnumerateFileSystemInfos().Any())
            {
                throw CommandException.Usage($"--to: '{to}' is not empty: name a new folder.");
            }

            var result = format == Llava
                ? await LlavaExport.WriteAsync(dataset, folder.FullName, keepDefects, cancellationToken)
                : await WebDatasetExport.WriteAsync(dataset, folder.FullName, keepDefects, cancellationToken);
            return Report(terminal, result, folder.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failure($"--to: '{to}' can't be written ({e.Message}): name a place that you can write to.", e);
        }
    }

    private static int Report(Terminal terminal, ExportResult result, string folder)
    {
        terminal.Line($"Wrote {Words.Count(result.Written)} samples into {result.Files} file(s) in {folder}.");
        if (result.Failed + result.Unfit > 0)
        {
            terminal.Line($"Left out: {Words.Count(result.Failed)} failed images, {Words.Count(result.Unfit)} of which the caption has a defect (--keep-defects keeps these).");
        }

        if (result.WithoutImage == 0)
        {
            return ExitCode.Success;
        }

        terminal.Fail([
            $"{Words.Count(result.WithoutImage)} annotated images are not in the export: they are not where they were read, or have changed since. "
            + "Put them back, or run the job with --embed-images.",
        ]);
        return ExitCode.Failure;
    }
}
