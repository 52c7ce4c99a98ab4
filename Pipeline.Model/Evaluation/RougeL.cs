namespace Pipeline.Model.Evaluation;

/// <summary>ROUGE-L (Lin 2004): how much of two texts is one sequence of words.</summary>
/// <remarks>Words as in Google's <c>rouge_score</c>: lower case, runs of a–z and 0–9, no stemming.</remarks>
public static class RougeL
{
    /// <summary>Harmonic mean of the longest common subsequence's share of either text, in words.</summary>
    /// <returns>0 to 1; 1 where both have the same words in the same order, 0 where a text has no word.</returns>
    public static double F1(string candidate, string reference)
    {
        List<string> written = Words(candidate), wanted = Words(reference);
        int common = LongestCommonSubsequence(written, wanted);
        return common == 0 ? 0 : 2.0 * common / (written.Count + wanted.Count);
    }

    private static List<string> Words(string text)
    {
        List<string> words = [];
        int start = -1;
        string lower = text.ToLowerInvariant();
        for (int i = 0; i <= lower.Length; i++)
        {
            bool isWord = i < lower.Length && char.IsAsciiLetterOrDigit(lower[i]);
            if (isWord && start < 0)
            {
                start = i;
            }
            else if (!isWord && start >= 0)
            {
                words.Add(lower[start..i]);
                start = -1;
            }
        }

        return words;
    }

    private static int LongestCommonSubsequence(List<string> one, List<string> other)
    {
        int[] previous = new int[other.Count + 1], current = new int[other.Count + 1];
        foreach (string word in one)
        {
            for (int i = 0; i < other.Count; i++)
            {
                current[i + 1] = word == other[i] ? previous[i] + 1 : Math.Max(previous[i + 1], current[i]);
            }

            (previous, current) = (current, previous);
        }

        return previous[^1];
    }
}
