namespace Pipeline.Evaluation.Parsing;

/// <summary>Letters of choices: A for the first.</summary>
public static class Letters
{
    public static IEnumerable<string> Of(int choices) => Enumerable.Range(0, choices).Select(At);

    /// <returns>Null: no letter of so many choices.</returns>
    public static string? Find(char letter, int choices) => letter >= 'A' && letter < 'A' + choices ? letter.ToString() : null;

    public static string At(int index) => ((char)('A' + index)).ToString();
}
