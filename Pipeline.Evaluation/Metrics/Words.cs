using System.Text.RegularExpressions;

namespace Pipeline.Evaluation.Metrics;

/// <summary>Texts as words: lower case, runs of letters and digits with apostrophes inside; punctuation is dropped.</summary>
/// <remarks>The COCO scorers use the Penn Treebank tokenizer and drop punctuation too: they differ at contractions ("isn't" is two words there) and hyphens.</remarks>
public static partial class Words
{
    public static IReadOnlyList<string> Of(string text) => [.. Word().Matches(text.ToLowerInvariant()).Select(match => match.Value)];

    /// <summary>How often each run of <paramref name="length"/> words occurs.</summary>
    public static IReadOnlyDictionary<string, int> Grams(IReadOnlyList<string> words, int length)
    {
        Dictionary<string, int> counts = [];
        for (int i = 0; i + length <= words.Count; i++)
        {
            string gram = string.Join(' ', words.Skip(i).Take(length));
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }

        return counts;
    }

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*")]
    private static partial Regex Word();
}
