namespace Pipeline.Model.Quality;

/// <summary>Tells a text that goes round in circles from one that lists things.</summary>
internal static class RepeatedWords
{
    /// <summary>Words of the longest circle that is looked for: a long sentence.</summary>
    private const int LongestPeriod = 40;

    /// <summary>Words that must be repeats: "very very very" is emphasis.</summary>
    private const int FewestRepeatedWords = 8;

    /// <summary>How often a circle must come round, at least.</summary>
    private const int FewestRounds = 3;

    /// <summary>
    /// True where some stretch of the text is one sequence of 1 to 40 words at least three times in immediate succession, with at least
    /// eight words of it repeats. Words are compared exactly but for case and punctuation around them.
    /// </summary>
    /// <remarks>A list ("a red cup, a blue cup, a green cup") repeats some words, never a whole sequence of them, so it is none.</remarks>
    public static bool Loop(string text)
    {
        string[] words = [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Trim(',', '.', ';', ':', '!', '?', '"', '\'', '(', ')').ToLowerInvariant())
            .Where(word => word.Length > 0)];
        for (int period = 1; period <= LongestPeriod; period++)
        {
            int repeated = 0; // words in a row that equal the one a period before
            for (int i = period; i < words.Length; i++)
            {
                repeated = words[i] == words[i - period] ? repeated + 1 : 0;
                if (repeated >= Math.Max(FewestRepeatedWords, (FewestRounds - 1) * period))
                {
                    return true;
                }
            }
        }

        return LongestRun(text) > MostSameCharacters;
    }

    /// <summary>Longest run of one character; longer ones are a circle too small for words ("!!!!!!…", scripts without spaces).</summary>
    private const int MostSameCharacters = 24;

    private static int LongestRun(string text)
    {
        int longest = 0, run = 0;
        for (int i = 0; i < text.Length; i++)
        {
            run = i > 0 && text[i] == text[i - 1] && !char.IsWhiteSpace(text[i]) ? run + 1 : 1;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
