using Pipeline.Cli.Commands;

namespace Pipeline.Cli.Models;

/// <summary>The small checkpoint that comes with this program, in <c>models/</c> above the executable.</summary>
internal static class DefaultModel
{
    public const string Name = "models/dragonfly-tiny-v2";

    /// <exception cref="CommandException">It is not there.</exception>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var model = Path.Combine(folder.FullName, Name);
            if (File.Exists(Path.Combine(model, "config.json")))
            {
                return model;
            }
        }

        throw CommandException.Usage($"--model: no folder above {AppContext.BaseDirectory} holds {Name}: name a Dragonfly checkpoint with --model DIR.");
    }
}
