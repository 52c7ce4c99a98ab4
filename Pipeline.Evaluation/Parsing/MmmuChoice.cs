namespace Pipeline.Evaluation.Parsing;

/// <summary>
/// MMMU's parser of choices: letters in brackets, else letters as words, else texts of choices in answers of more than five words; of several the last one counts.
/// lmms-eval's version of it takes less for a word, and letters with a full stop behind them.
/// </summary>
public static class MmmuChoice
{
    private const int LongAnswer = 5;
    private static readonly char[] s_punctuation = [',', '.', '!', '?', ';', ':', '\''];

    /// <summary>MMMU's own script.</summary>
    /// <returns>The letter; null: nothing found, where the script draws a letter at random.</returns>
    public static string? Official(string answer, IReadOnlyList<string> choices)
    {
        string text = Padded(answer);
        return Last(choices.Count, index => text.LastIndexOf($"({Letters.At(index)})", StringComparison.Ordinal))
            ?? Last(choices.Count, index => text.LastIndexOf($" {Letters.At(index)} ", StringComparison.Ordinal))
            ?? FromTexts(text, choices);
    }

    /// <summary>lmms-eval's: a space behind the letter is enough to find it, but of several found so only words are placed; one that is no word stands first.</summary>
    /// <returns>The letter; null: nothing found, where the script draws a letter at random.</returns>
    public static string? Lmms(string answer, IReadOnlyList<string> choices)
    {
        string text = Padded(answer);
        return Last(choices.Count, index => text.LastIndexOf($"({Letters.At(index)})", StringComparison.Ordinal))
            ?? FirstOrWord(text, choices.Count, ' ')
            ?? FirstOrWord(text, choices.Count, '.')
            ?? FromTexts(text, choices);
    }

    private static string Padded(string answer) => $" {s_punctuation.Aggregate(answer, (rest, mark) => rest.Trim(mark))} ";

    private static string? FromTexts(string text, IReadOnlyList<string> choices) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length > LongAnswer
            ? Last(choices.Count, index => text.LastIndexOf(choices[index], StringComparison.OrdinalIgnoreCase))
            : null;

    private static string? FirstOrWord(string text, int choices, char behind)
    {
        List<string> found = [.. Letters.Of(choices).Where(letter => text.Contains(letter + behind, StringComparison.Ordinal))];
        return found.MaxBy(letter => text.LastIndexOf($" {letter} ", StringComparison.Ordinal));
    }

    /// <summary>The letter that stands last; of two that begin at one place, the earlier letter.</summary>
    private static string? Last(int choices, Func<int, int> place)
    {
        (int Index, int Place) best = (-1, -1);
        for (int index = 0; index < choices; index++)
        {
            int at = place(index);
            best = at > best.Place ? (index, at) : best;
        }

        return best.Index < 0 ? null : Letters.At(best.Index);
    }
}
