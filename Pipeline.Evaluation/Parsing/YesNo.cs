using System.Text.RegularExpressions;

namespace Pipeline.Evaluation.Parsing;

/// <summary>How harnesses read "yes" and "no" out of what a model wrote.</summary>
public static partial class YesNo
{
    public const string Yes = "yes";
    public const string No = "no";

    /// <summary>The word alone, in any case, with at most a full stop behind it.</summary>
    public static string? Strict(string answer) => Lmms(answer.Trim().TrimEnd('.'));

    /// <summary>lmms-eval: the word alone, in any case; a full stop makes it something else.</summary>
    public static string? Lmms(string answer) => answer.Trim().ToLowerInvariant() is (Yes or No) and var said ? said : null;

    /// <summary>LLaVA and POPE's own script: "no" or "not" as a word of the first sentence is no, and everything else is yes, the empty answer too.</summary>
    public static string Llava(string answer)
    {
        string first = answer.Trim().Split('.')[0].Replace(",", "", StringComparison.Ordinal);
        return first.Split(' ').Any(word => word is "No" or "no" or "not") ? No : Yes;
    }

    /// <summary>VLMEvalKit: one of the two words is there and the other is not.</summary>
    public static string? VlmEvalKit(string answer)
    {
        HashSet<string> words = [.. Words().Matches(answer.ToLowerInvariant()).Select(match => match.Value)];
        return (words.Contains(Yes), words.Contains(No)) switch { (true, false) => Yes, (false, true) => No, _ => null };
    }

    [GeneratedRegex("[a-z0-9']+")]
    private static partial Regex Words();
}
