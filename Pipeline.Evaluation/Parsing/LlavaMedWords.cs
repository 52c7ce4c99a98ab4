using System.Text.RegularExpressions;

namespace Pipeline.Evaluation.Parsing;

/// <summary>LLaVA-Med's normalization of answers before "yes" and "no" are looked for in them: its mapping of "none" to 0 keeps "none" from being a no.</summary>
/// <remarks>Its table of contractions is left out: it adds apostrophes alone, which makes no "yes" or "no".</remarks>
internal static partial class LlavaMedWords
{
    private const string Marks = ";/[]\"{}()=+\\_-><@`,?!";
    private static readonly string[] s_numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    public static string Normal(string text)
    {
        string lower = text.ToLowerInvariant();
        bool hasThousands = Thousands().IsMatch(lower);
        string marked = Marks.Aggregate(lower, (rest, mark) => rest.Replace(
            mark.ToString(), hasThousands || lower.Contains($"{mark} ", StringComparison.Ordinal) || lower.Contains($" {mark}", StringComparison.Ordinal) ? "" : " ", StringComparison.Ordinal));
        return string.Join(' ', FullStop().Replace(marked, "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Digits).Where(word => word is not ("a" or "an" or "the")));
    }

    private static string Digits(string word) => word == "none" ? "0" : Array.IndexOf(s_numbers, word) is >= 0 and var number ? $"{number}" : word;

    [GeneratedRegex("[0-9],[0-9]")]
    private static partial Regex Thousands();

    [GeneratedRegex(@"\.(?![0-9])")]
    private static partial Regex FullStop();
}
