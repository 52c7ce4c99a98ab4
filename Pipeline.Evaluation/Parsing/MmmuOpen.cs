using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Evaluation.Parsing;

/// <summary>MMMU's rule for open questions: what stands behind the answer's indicator words, and every number in it, against the accepted answers.</summary>
public static partial class MmmuOpen
{
    private static readonly string[] s_indicators = ["could be ", "so ", "is ", "thus ", "therefore ", "final ", "answer ", "result "];

    /// <summary>Whether any accepted text is part of a prediction, or any number equal to an accepted one when both are rounded to two places.</summary>
    public static bool IsRight(string answer, IEnumerable<string> accepted)
    {
        List<string> predictions = Predictions(answer);
        foreach (string wanted in accepted)
        {
            if (Number(wanted) is { } number)
            {
                if (predictions.Any(prediction => Number(prediction) == number))
                {
                    return true;
                }
            }
            else if (predictions.Any(prediction => Number(prediction) is null && Texts(wanted).Any(text => prediction.Contains(text, StringComparison.Ordinal))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Parts of the answer that are compared, in lower case, and the numbers in them.</summary>
    internal static List<string> Predictions(string answer)
    {
        string text = answer.Trim().Trim('.').ToLowerInvariant();
        string[] sentences = Sentences().Split(text);
        List<string> keys = [];
        for (int i = 0; i < sentences.Length; i++)
        {
            // Only the last sentence may be an equation.
            IEnumerable<string> indicators = i == sentences.Length - 1 ? [.. s_indicators, "="] : s_indicators;
            string? shortest = indicators.Where(word => sentences[i].Contains(word, StringComparison.Ordinal))
                .Select(word => sentences[i][(sentences[i].LastIndexOf(word, StringComparison.Ordinal) + word.Length)..].Trim()).MinBy(key => key.Length);
            if (shortest is { Length: > 0 } && shortest is not (":" or "," or "." or "!" or "?" or ";" or "'"))
            {
                keys.Add(shortest);
            }
        }

        List<string> predictions = keys.Count == 0 ? [text] : keys;
        predictions.AddRange([.. predictions.SelectMany(key => Numbers().Matches(key)).Select(match => match.Value)]);
        return [.. predictions.Distinct()];
    }

    /// <summary>One letter is compared with a space before or behind it, so that it is no part of a word.</summary>
    private static IEnumerable<string> Texts(string wanted)
    {
        string text = wanted.Trim().ToLowerInvariant();
        return text.Length == 1 ? [" " + text, text + " "] : [text];
    }

    private static double? Number(string text) =>
        double.TryParse(text.Replace(",", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? Math.Round(number, 2)
            : null;

    // The script splits before lower-casing at a full stop and a capital; case is gone here, so at any full stop and space.
    [GeneratedRegex(@"\.\s+|\n")]
    private static partial Regex Sentences();

    [GeneratedRegex(@"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")]
    private static partial Regex Numbers();
}
