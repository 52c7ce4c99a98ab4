using System.CommandLine;
using Scenes.Dataset;

namespace Scenes.Commands;

/// <summary><c>write --count N --seed S --out DIR</c>.</summary>
internal static class WriteCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "Scenes to draw.", DefaultValueFactory = _ => 100 };
        var seed = new Option<int>("--seed") { Description = "Which held-out draw, 0 to 65535.", DefaultValueFactory = _ => 0 };
        var output = new Option<string>("--out") { Description = "Folder for images/ and truth.jsonl; made if it is not there.", Required = true };
        var command = new Command("write", "Write held-out scenes as JPEG and PNG files, and what is true of each as a line of JSON.") { count, seed, output };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(output);
            DatasetWriter.Write(folder, Enumerable.Range(0, parsed.GetValue(count)).Select(index => SceneSeeds.HeldOut(parsed.GetValue(seed), index)), new SceneOptions());
            Console.WriteLine($"{folder}: {parsed.GetValue(count)} images, {DatasetWriter.TruthFile}");
        });
        return command;
    }
}
