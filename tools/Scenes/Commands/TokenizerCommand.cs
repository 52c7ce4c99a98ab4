using System.CommandLine;

namespace Scenes.Commands;

/// <summary><c>tokenizer --out DIR</c>.</summary>
internal static class TokenizerCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "Checkpoint folder that tokenizer.json is written into; made if it is not there.", Required = true };
        var command = new Command("tokenizer", "Write the tokenizer of the scene language.") { output };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(output);
            Console.WriteLine($"{folder}: tokenizer.json, {SceneTokenizer.Write(folder)} entries");
        });
        return command;
    }
}
