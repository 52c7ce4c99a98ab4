using System.CommandLine;
using Scenes.Dataset;

namespace Scenes.Commands;

/// <summary><c>sheet --out FILE.png</c>.</summary>
internal static class SheetCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "A PNG file.", Required = true };
        var command = new Command("sheet", "Draw scenes side by side on one sheet, and print what is true of each.") { output };
        var draw = new DrawOptions(command, defaultCount: 20);
        command.SetAction(parsed =>
        {
            Scene[] scenes = [.. draw.Seeds(parsed).Select(seed => SceneGenerator.Draw(seed, draw.Scenes(parsed)))];
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
