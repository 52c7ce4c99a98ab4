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
            else if (predictions.Any(prediction => Number(prediction) is null && Texts(wanted).Any(text => Texts(prediction).Any(said => said.Contains(text, StringComparison.Ordinal)))))
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

        // The script means to split at full stops before capitals, too, but has no capitals left: only lines are apart.
        string[] sentences = text.Split('\n');
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
        return [.. predictions, .. predictions.SelectMany(Numbers)];
    }

    /// <summary>A single letter is compared with a space before or behind it, so that it is no part of a word.</summary>
    private static IEnumerable<string> Texts(string wanted)
    {
        string text = wanted.Trim().ToLowerInvariant();
        return text.Length == 1 ? [" " + text, text + " "] : [text];
    }

    private static double? Number(string text) =>
        double.TryParse(text.Replace(",", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? Math.Round(number, 2)
            : null;

    /// <summary>Numbers with thousands set apart, in scientific notation, and plain ones; the decimals of a number with thousands are a number of their own.</summary>
    private static IEnumerable<string> Numbers(string text) =>
        new[] { Thousands(), Scientific(), Plain() }.SelectMany(pattern => pattern.Matches(text)).Select(match => match.Value);

    [GeneratedRegex(@"-?\b[0-9]{1,3}(?:,[0-9]{3})+\b")]
    private static partial Regex Thousands();

    [GeneratedRegex(@"-?[0-9]+(?:\.[0-9]+)?e[+-]?[0-9]+")]
    private static partial Regex Scientific();

    [GeneratedRegex(@"-?(?:[0-9]+\.[0-9]+|\.[0-9]+|[0-9]+\b)(?!e[+-]?[0-9]|[,0-9])")]
    private static partial Regex Plain();
}
