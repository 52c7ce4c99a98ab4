using System.CommandLine;
using Pipeline.Cli.Display;
using Pipeline.Model.Benchmarking;
using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline bench engine CONFIG --images DIR</c>.</summary>
internal static class BenchEngineCommand
{
    public static Command Create(Terminal terminal)
    {
        var options = new BenchOptions();
        var command = new Command(
            "engine",
            "Time the inference engine from JPEG to text: images and tokens a second, time by stage, what share of the device's matrix-product rate and of its "
            + "roofline that is. Give it the machine for itself.");
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(terminal, options.Read(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, BenchRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var report = await EngineBenchmark.RunAsync(request.Settings, TimeProvider.System, new LineProgress(terminal), cancellationToken);
            TitledTable.Show(terminal, BenchTables.Of(report));
            await WriteAsync("--markdown", request.Markdown, BenchPage.Write(report, request.CommandLine), cancellationToken);
            await WriteAsync("--json", request.Json, BenchJson.Write(report), cancellationToken);
            return ExitCode.Success;
        }
        catch (Exception e) when (e is ModelLoadException or ImageException or InvalidDataException)
        {
            throw CommandException.Usage(e.Message);
        }
    }

    private static async Task WriteAsync(string option, string? file, string text, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            await File.WriteAllTextAsync(file, text, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failure($"{option}: '{file}' can't be written ({e.Message}): name a file in a folder that you can write to.", e);
        }
    }

    /// <summary>Reports in order, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class LineProgress(Terminal terminal) : IProgress<string>
    {
        public void Report(string value) => terminal.Line(value);
    }
}
