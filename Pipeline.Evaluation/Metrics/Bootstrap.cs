namespace Pipeline.Evaluation.Metrics;

/// <summary>Percentile bootstrap (Efron 1979): the score of samples drawn with replacement from the rows.</summary>
public static class Bootstrap
{
    public const int Samples = 1_000;

    /// <summary>The middle 95 % of the samples' scores. The same rows always give the same interval.</summary>
    public static (double Low, double High) Interval<T>(IReadOnlyList<T> rows, Func<IReadOnlyList<T>, double> score)
    {
        if (rows.Count == 0)
        {
            return (0, 0);
        }

        ulong state = 0x5EED;
        double[] scores = new double[Samples];
        T[] sample = new T[rows.Count];
        for (int s = 0; s < Samples; s++)
        {
            for (int i = 0; i < sample.Length; i++)
            {
                sample[i] = rows[(int)(((UInt128)Next(ref state) * (ulong)rows.Count) >> 64)];
            }

            scores[s] = score(sample);
        }

        Array.Sort(scores);
        return (scores[(int)(0.025 * Samples)], scores[(int)(0.975 * Samples) - 1]);
    }

    /// <summary>SplitMix64 (Steele et al. 2014): the framework's own generator may change between versions.</summary>
    private static ulong Next(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
