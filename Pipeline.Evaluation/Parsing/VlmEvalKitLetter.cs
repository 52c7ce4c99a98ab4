namespace Pipeline.Evaluation.Parsing;

/// <summary>VLMEvalKit's exact matching: one letter of the question as a word of its own, otherwise the text of just one choice.</summary>
public static class VlmEvalKitLetter
{
    private const string Separators = ".()[],:;!*#{}";
    private const int ShortAnswer = 3;

    /// <returns>The letter; null: none, or several.</returns>
    public static string? Parse(string answer, IReadOnlyList<string> choices) => FromLetters(answer, choices.Count) ?? FromTexts(answer, choices);

    private static string? FromLetters(string answer, int choices)
    {
        string spaced = string.Concat(answer.Select(letter => Separators.Contains(letter) ? ' ' : letter));
        string[] words = spaced.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        List<string> found = [.. Letters.Of(choices).Where(words.Contains)];

        // In a longer answer, "A" may be an article.
        return found.Count != 1 || (words.Contains("A") && words.Length > ShortAnswer) ? null : found[0];
    }

    private static string? FromTexts(string answer, IReadOnlyList<string> choices)
    {
        if (answer.Length > 2 * choices.Sum(choice => choice.Length))
        {
            return null;
        }

        List<string> found = [.. Letters.Of(choices.Count).Where((_, index) => answer.Contains(choices[index], StringComparison.OrdinalIgnoreCase))];
        return found.Count == 1 ? found[0] : null;
    }
}
