namespace Pipeline.Evaluation.Metrics;

/// <summary>CHAIR (Rohrbach et al. 2018): objects that captions name and that are not in the image.</summary>
/// <param name="Instance">CHAIRi: share of the objects named that are not there.</param>
/// <param name="Sentence">CHAIRs: share of the captions that name such an object.</param>
public sealed record Chair(double Instance, double Sentence)
{
    public static Chair Of(IReadOnlyCollection<ChairCounts> captions)
    {
        int named = captions.Sum(caption => caption.Named), invented = captions.Sum(caption => caption.Invented);
        return new Chair(
            named == 0 ? 0 : (double)invented / named,
            captions.Count == 0 ? 0 : (double)captions.Count(caption => caption.Invented > 0) / captions.Count);
    }
}

/// <summary>What one caption adds to CHAIR.</summary>
/// <param name="Named">Objects that it names, each once.</param>
/// <param name="Invented">Those of them that are not in the image.</param>
public sealed record ChairCounts(int Named, int Invented)
{
    /// <param name="caption">The caption.</param>
    /// <param name="objects">Objects that are in its image.</param>
    /// <param name="vocabulary">Objects looked for; a name may be several words. A plural with "s" counts, too; synonyms do not.</param>
    public static ChairCounts Of(string caption, IReadOnlyCollection<string> objects, IReadOnlyCollection<string> vocabulary)
    {
        string text = Spaced(caption);
        HashSet<string> there = [.. objects.Select(Spaced)];
        List<string> named = [.. vocabulary.Select(Spaced).Distinct().Where(name => text.Contains(name, StringComparison.Ordinal) || text.Contains($"{name[..^1]}s ", StringComparison.Ordinal))];
        return new ChairCounts(named.Count, named.Count(name => !there.Contains(name)));
    }

    private static string Spaced(string text) => $" {string.Join(' ', Words.Of(text))} ";
}
