namespace Pipeline.Cli.Models;

/// <summary>What a checkpoint's README.md says of it in its front-matter, the lines between two <c>---</c>.</summary>
internal static class ModelCard
{
    private const string Fence = "---";
    private const string Trained = "trained:";

    /// <summary>True where the card says <c>trained: false</c>: then what the model writes means nothing.</summary>
    public static bool IsUntrained(string folder)
    {
        var card = Path.Combine(folder, "README.md");
        return File.Exists(card) && FrontMatter(File.ReadLines(card)).Any(line =>
            line.StartsWith(Trained, StringComparison.Ordinal)
            && line[Trained.Length..].Trim().Equals("false", StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> FrontMatter(IEnumerable<string> lines)
    {
        var isFirst = true;
        foreach (var line in lines)
        {
            if (isFirst != (line.TrimEnd() == Fence))
            {
                yield break;
            }

            if (!isFirst)
            {
                yield return line;
            }

            isFirst = false;
        }
    }
}
