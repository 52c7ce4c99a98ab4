namespace Pipeline.Cli.Commands;

/// <summary>Configs of models to measure: folders, or those that come with the program, by name.</summary>
internal static class BenchConfigs
{
    /// <summary>Shapes of the published 8-billion models, beside the program.</summary>
    public static IReadOnlyList<string> Names { get; } = ["dragonfly-8b-v1", "dragonfly-8b-v2"];

    /// <param name="argument">As given in front, or null.</param>
    /// <param name="option">As given with --config, or null.</param>
    /// <param name="faults">Told what can't be used.</param>
    /// <returns>A folder, or nothing of use where there is a fault.</returns>
    public static string Find(string? argument, string? option, List<string> faults)
    {
        if ((argument ?? option) is not { } given || (argument is not null && option is not null))
        {
            faults.Add($"CONFIG: name one folder with the config.json of a Dragonfly checkpoint, or one of {string.Join(", ", Names)}; as the argument or with --config.");
            return "";
        }

        if (Names.Contains(given))
        {
            return Path.Combine(AppContext.BaseDirectory, "configs", given);
        }

        if (!Directory.Exists(given))
        {
            faults.Add($"CONFIG: '{given}' is no folder: name one with the config.json of a Dragonfly checkpoint, or one of {string.Join(", ", Names)}.");
        }

        return given;
    }

    public static bool HoldWeights(string folder) =>
        Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any(file => Path.GetFileName(file) is var name
            && (name.StartsWith("model", StringComparison.Ordinal) || name.StartsWith("pytorch_model", StringComparison.Ordinal))
            && (name.EndsWith(".safetensors", StringComparison.Ordinal) || name.EndsWith(".bin", StringComparison.Ordinal)));
}
