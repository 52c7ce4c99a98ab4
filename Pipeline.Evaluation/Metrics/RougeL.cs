namespace Pipeline.Evaluation.Metrics;

/// <summary>ROUGE-L (Lin 2004) as the COCO caption scorer has it: F with β = 1.2, of the best precision and the best recall over the references.</summary>
public static class RougeL
{
    public const double CocoBeta = 1.2;

    /// <param name="text">Words of the candidate.</param>
    /// <param name="references">Words of each reference.</param>
    /// <param name="beta">Above 1 recall weighs more; 1 is the harmonic mean.</param>
    /// <returns>0 to 1.</returns>
    public static double Of(IReadOnlyList<string> text, IReadOnlyList<IReadOnlyList<string>> references, double beta = CocoBeta)
    {
        double precision = 0, recall = 0;
        foreach (IReadOnlyList<string> reference in references.Where(reference => reference.Count > 0 && text.Count > 0))
        {
            double common = LongestCommonSubsequence(text, reference);
            (precision, recall) = (Math.Max(precision, common / text.Count), Math.Max(recall, common / reference.Count));
        }

        return precision == 0 ? 0 : (1 + (beta * beta)) * precision * recall / (recall + (beta * beta * precision));
    }

    private static int LongestCommonSubsequence(IReadOnlyList<string> one, IReadOnlyList<string> other)
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
