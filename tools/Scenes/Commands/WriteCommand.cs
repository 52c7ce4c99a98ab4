using System.CommandLine;
using Scenes.Dataset;

namespace Scenes.Commands;

/// <summary><c>write --count N --seed S --out DIR</c>.</summary>
internal static class WriteCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "Folder for images/ and truth.jsonl; made if it is not there.", Required = true };
        var command = new Command("write", "Write held-out scenes as JPEG and PNG files, and what is true of each as a line of JSON.") { output };
        var draw = new DrawOptions(command, defaultCount: 100);
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(output);
            var count = DatasetWriter.Write(folder, draw.Seeds(parsed), draw.Scenes(parsed));
            Console.WriteLine($"{folder}: {count} images, {DatasetWriter.TruthFile}");
        });
        return command;
    }
}
