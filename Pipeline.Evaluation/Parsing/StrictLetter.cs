namespace Pipeline.Evaluation.Parsing;

/// <summary>The letter alone, with at most brackets around it and a full stop or bracket behind: "B", "b.", "(B)". Whatever says more is no answer.</summary>
public static class StrictLetter
{
    /// <returns>The letter in upper case; null: no letter of the question.</returns>
    public static string? Parse(string answer, int choices)
    {
        string text = answer.Trim();
        text = text.StartsWith('(') && text.EndsWith(')') ? text[1..^1] : text.TrimEnd('.', ')');
        return text.Length == 1 ? Letters.Find(char.ToUpperInvariant(text[0]), choices) : null;
    }
}
