using System.CommandLine;
using Pipeline.Benchmarks;
using Pipeline.Cli.Commands;

namespace Pipeline.Portable;

/// <summary><c>dragonfly-bench draw FILE</c>: a JPEG to measure with where there is no other.</summary>
internal static class DrawCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The JPEG to write." };
        var command = new Command("draw", "Draw a picture to measure with; every run makes different ones of it.") { file };
        command.SetAction(parsed => Write(parsed.GetRequiredValue(file)));
        return command;
    }

    private static void Write(string file)
    {
        try
        {
            File.WriteAllBytes(file, DrawnPicture.Jpeg());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failure($"'{file}' can't be written ({e.Message}): name a file in a folder that you can write to.", e);
        }
    }
}
