using System.Text.RegularExpressions;

namespace Pipeline.Evaluation.Parsing;

/// <summary>LLaVA's ScienceQA script: the letter alone, the letter with ". " and more behind it, or one "The answer is X" somewhere.</summary>
public static partial class LlavaLetter
{
    /// <returns>The letter; null: none, or more than one "The answer is".</returns>
    public static string? Parse(string answer, int choices)
    {
        if (answer.Length == 1 && IsLetter(answer[0], choices))
        {
            return answer;
        }

        if (answer.Length >= 3 && IsLetter(answer[0], choices) && answer[1] == '.' && answer[2] == ' ')
        {
            return answer[..1];
        }

        MatchCollection said = TheAnswerIs().Matches(answer);
        return said.Count == 1 && IsLetter(said[0].Groups[1].Value[0], choices) ? said[0].Groups[1].Value : null;
    }

    private static bool IsLetter(char letter, int choices) => letter >= 'A' && letter < 'A' + choices;

    // The script's full stop is unescaped: one more character must follow, whatever it is.
    [GeneratedRegex("The answer is ([A-Z]).")]
    private static partial Regex TheAnswerIs();
}
