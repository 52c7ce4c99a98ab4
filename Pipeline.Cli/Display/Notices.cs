using Pipeline.Cli.Models;

namespace Pipeline.Cli.Display;

internal static class Notices
{
    /// <summary>Says it plainly where a model's words mean nothing.</summary>
    public static void ShowIfUntrained(Terminal terminal, string model)
    {
        if (ModelCard.IsUntrained(model))
        {
            terminal.Line($"Note: the model {model} is untrained. Its captions are gibberish and its labels are noise;");
            terminal.Line("they show that the pipeline works, not what a model can do. Name a trained one with 'annotate --model DIR'.");
            terminal.Line();
        }
    }
}
