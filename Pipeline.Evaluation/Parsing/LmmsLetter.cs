using System.Text.RegularExpressions;

namespace Pipeline.Evaluation.Parsing;

/// <summary>lmms-eval's rules for letters, which differ between its tasks.</summary>
public static partial class LmmsLetter
{
    /// <summary>ScienceQA: the answer is the letter, or begins with the letter and a full stop.</summary>
    /// <returns>The letter; null: none.</returns>
    public static string? ScienceQa(string answer, int choices)
    {
        string text = answer.Trim();
        return text.Length == 1 || (text.Length >= 2 && text[1] == '.') ? Letters.Find(text[0], choices) : null;
    }

    /// <summary>AI2D: a capital and a full stop at the start, otherwise the whole answer without ASCII punctuation, in any case.</summary>
    /// <returns>The letter; null: none.</returns>
    public static string? Ai2d(string answer, int choices)
    {
        string text = answer.Trim();
        if (text.Length >= 2 && char.IsAsciiLetterUpper(text[0]) && text[1] == '.')
        {
            return Letters.Find(text[0], choices);
        }

        string bare = Punctuation().Replace(text, "");
        return bare.Length == 1 ? Letters.Find(char.ToUpperInvariant(bare[0]), choices) : null;
    }

    [GeneratedRegex(@"[!-/:-@\[-`{-~]")]
    private static partial Regex Punctuation();
}
