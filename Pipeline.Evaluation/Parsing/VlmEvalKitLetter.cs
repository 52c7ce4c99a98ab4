using System.Text.RegularExpressions;

namespace Pipeline.Evaluation.Parsing;

/// <summary>VLMEvalKit's exact matching: one letter of the question as a word near the end, else "answer is B" somewhere, else the text of just one choice.</summary>
public static partial class VlmEvalKitLetter
{
    private const string Separators = ".()[],:;!*#{}";
    private const int LastWords = 4;

    private static readonly string[] s_refusals =
        ["Sorry, I can't help with images of people yet.", "I can't process this file.", "I'm sorry, but without the image provided", "Cannot determine the answer"];

    /// <returns>The letter; null: none, several, or a refusal in the words that it knows.</returns>
    public static string? Parse(string answer, IReadOnlyList<string> choices) =>
        Array.Exists(s_refusals, refusal => answer.Contains(refusal, StringComparison.Ordinal)) ? null
        : FromLetters(answer, choices.Count) ?? FromSentence(answer, choices.Count) ?? FromTexts(answer, choices);

    /// <summary>The letter's first place counts; "A" is the letter even where it is an article.</summary>
    private static string? FromLetters(string answer, int choices)
    {
        string spaced = string.Concat(answer.Select(letter => Separators.Contains(letter) ? ' ' : letter));
        string[] words = spaced.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        List<string> found = [.. Letters.Of(choices).Where(words.Contains)];
        return found.Count == 1 && Array.IndexOf(words, found[0]) >= words.Length - LastWords ? found[0] : null;
    }

    private static string? FromSentence(string answer, int choices) =>
        AnswerIs().Match(answer) is { Success: true } said ? Letters.Find(char.ToUpperInvariant(said.Groups[1].Value[0]), choices) : null;

    private static string? FromTexts(string answer, IReadOnlyList<string> choices)
    {
        if (answer.Length > 2 * choices.Sum(choice => choice.Length))
        {
            return null;
        }

        List<string> found = [.. Letters.Of(choices.Count).Where((_, index) => answer.Contains(choices[index], StringComparison.OrdinalIgnoreCase))];
        return found.Count == 1 ? found[0] : null;
    }

    // What follows the letter does not matter: "answer is bright" says B.
    [GeneratedRegex(@"answer\s+is\s+\**([A-D])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AnswerIs();
}
