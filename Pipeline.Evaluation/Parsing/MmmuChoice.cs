namespace Pipeline.Evaluation.Parsing;

/// <summary>MMMU's parser of choices: letters in brackets, else letters as words, else texts of choices in answers of more than five words; of several the last one counts.</summary>
public static class MmmuChoice
{
    private const int LongAnswer = 5;
    private static readonly char[] s_punctuation = [',', '.', '!', '?', ';', ':', '\''];

    /// <returns>The letter; null: nothing found, where the official script draws a letter at random.</returns>
    public static string? Parse(string answer, IReadOnlyList<string> choices)
    {
        string text = s_punctuation.Aggregate(answer, (rest, mark) => rest.Trim(mark));
        text = $" {text} ";
        return Last(choices, index => text.LastIndexOf($"({Letters.At(index)})", StringComparison.Ordinal))
            ?? Last(choices, index => text.LastIndexOf($" {Letters.At(index)} ", StringComparison.Ordinal))
            ?? (text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length > LongAnswer
                ? Last(choices, index => text.LastIndexOf(choices[index], StringComparison.OrdinalIgnoreCase))
                : null);
    }

    /// <summary>The letter that stands last; of two that begin at one place, the earlier letter.</summary>
    private static string? Last(IReadOnlyList<string> choices, Func<int, int> place)
    {
        (int Index, int Place) best = (-1, -1);
        for (int index = 0; index < choices.Count; index++)
        {
            int at = place(index);
            best = at > best.Place ? (index, at) : best;
        }

        return best.Index < 0 ? null : Letters.At(best.Index);
    }
}
