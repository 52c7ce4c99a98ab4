using System.Text.RegularExpressions;

namespace Pipeline.Evaluation.Parsing;

/// <summary>LLaVA's ScienceQA script: the letter alone, the letter with ". " and more behind it, or one "The answer is X" somewhere.</summary>
public static partial class LlavaLetter
{
    private const int MostChoices = 5;

    /// <returns>The letter; null: none, or more than one "The answer is".</returns>
    public static string? Parse(string answer, int choices)
    {
        // A to E are letters to the script whatever the question offers.
        if ((answer.Length == 1 || (answer.Length >= 3 && answer[1] == '.' && answer[2] == ' ')) && Letters.Find(answer[0], MostChoices) is not null)
        {
            return Letters.Find(answer[0], choices);
        }

        MatchCollection said = TheAnswerIs().Matches(answer);
        return said.Count == 1 ? Letters.Find(said[0].Groups[1].Value[0], choices) : null;
    }

    // The script's full stop is unescaped: one more character must follow, whatever it is.
    [GeneratedRegex("The answer is ([A-Z]).")]
    private static partial Regex TheAnswerIs();
}
