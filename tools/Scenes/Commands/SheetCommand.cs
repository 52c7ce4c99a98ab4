using System.CommandLine;
using Scenes.Dataset;

namespace Scenes.Commands;

/// <summary><c>sheet --out FILE.png</c>.</summary>
internal static class SheetCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "Scenes to draw.", DefaultValueFactory = _ => 20 };
        var seed = new Option<int>("--seed") { Description = "Which held-out draw, 0 to 65535.", DefaultValueFactory = _ => 0 };
        var output = new Option<string>("--out") { Description = "A PNG file.", Required = true };
        var command = new Command("sheet", "Draw scenes side by side on one sheet, and print what is true of each.") { count, seed, output };
        command.SetAction(parsed =>
        {
            Scene[] scenes = [.. Enumerable.Range(0, parsed.GetValue(count))
                .Select(index => SceneGenerator.Draw(SceneSeeds.HeldOut(parsed.GetValue(seed), index), new SceneOptions()))];
            ContactSheet.Write(parsed.GetRequiredValue(output), scenes);
            foreach (var (index, scene) in scenes.Index())
            {
                Console.WriteLine($"{index}: {scene.Width} × {scene.Height}");
                Console.WriteLine(string.Join('\n', [
                    .. scene.Captions.Select(caption => $"   {caption}"),
                    .. scene.Questions.Select(question => $"   {question.Kind}{(question.Fine ? " (fine)" : "")}: {question.Text} [{string.Join(" | ", question.Choices)}] {question.Answer}")]));
            }
        });
        return command;
    }
}
