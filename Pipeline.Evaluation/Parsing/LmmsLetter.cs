namespace Pipeline.Evaluation.Parsing;

/// <summary>lmms-eval's ScienceQA rule: the answer is the letter, or begins with the letter and a full stop.</summary>
public static class LmmsLetter
{
    /// <returns>The letter; null: none.</returns>
    public static string? Parse(string answer, int choices)
    {
        string text = answer.Trim();
        return (text.Length == 1 || (text.Length >= 2 && text[1] == '.')) && text[0] >= 'A' && text[0] < 'A' + choices ? text[..1] : null;
    }
}
