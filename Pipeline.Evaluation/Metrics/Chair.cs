namespace Pipeline.Evaluation.Metrics;

/// <summary>CHAIR (Rohrbach et al. 2018): objects that captions name and that are not in the image.</summary>
/// <param name="Instance">CHAIRi: share of the objects named that are not there.</param>
/// <param name="Sentence">CHAIRs: share of the captions that name such an object.</param>
public sealed record Chair(double Instance, double Sentence)
{
    /// <param name="captions">The caption, and the objects that are in its image.</param>
    /// <param name="vocabulary">Objects looked for, each with the words that mean it; a word may be several words.</param>
    public static Chair Of(IReadOnlyCollection<(string Caption, IReadOnlySet<string> Objects)> captions, IReadOnlyDictionary<string, IReadOnlyList<string>> vocabulary)
    {
        int named = 0, wrong = 0, sentences = 0;
        foreach ((string caption, IReadOnlySet<string> objects) in captions)
        {
            string text = $" {string.Join(' ', Words.Of(caption))} ";
            List<string> found = [.. vocabulary.Where(entry => entry.Value.Any(word => Names(text, word))).Select(entry => entry.Key)];
            int invented = found.Count(name => !objects.Contains(name));
            (named, wrong, sentences) = (named + found.Count, wrong + invented, sentences + (invented > 0 ? 1 : 0));
        }

        return new Chair(named == 0 ? 0 : (double)wrong / named, captions.Count == 0 ? 0 : (double)sentences / captions.Count);
    }

    private static bool Names(string text, string word)
    {
        string wanted = string.Join(' ', Words.Of(word));
        return text.Contains($" {wanted} ", StringComparison.Ordinal) || text.Contains($" {wanted}s ", StringComparison.Ordinal);
    }
}
