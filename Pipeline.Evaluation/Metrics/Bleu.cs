namespace Pipeline.Evaluation.Metrics;

/// <summary>Corpus BLEU (Papineni et al. 2002) as the COCO caption scorer has it: clipped counts summed over the corpus, the closest reference's length, no smoothing.</summary>
public static class Bleu
{
    public const int Longest = 4;

    /// <returns>BLEU-1 to BLEU-4, each 0 to 1; 0 from the first order on that nothing matches.</returns>
    public static double[] Of(IReadOnlyCollection<BleuCounts> texts)
    {
        double[] scores = new double[Longest];
        double written = texts.Sum(text => (double)text.Length), wanted = texts.Sum(text => (double)text.ReferenceLength);
        double logs = 0, penalty = written >= wanted ? 1 : written == 0 ? 0 : Math.Exp(1 - (wanted / written));
        for (int n = 0; n < Longest; n++)
        {
            long matches = texts.Sum(text => (long)text.Matches[n]), grams = texts.Sum(text => (long)Math.Max(0, text.Length - n));
            if (matches == 0)
            {
                break;
            }

            logs += Math.Log((double)matches / grams);
            scores[n] = penalty * Math.Exp(logs / (n + 1));
        }

        return scores;
    }
}

/// <summary>What one text adds to a corpus's BLEU.</summary>
/// <param name="Length">Words of the text.</param>
/// <param name="ReferenceLength">Words of the reference that is closest in length, the shorter of two as close.</param>
/// <param name="Matches">Runs of 1 to 4 words that are in a reference, each counted at most as often as in the reference that has it most often.</param>
public sealed record BleuCounts(int Length, int ReferenceLength, IReadOnlyList<int> Matches)
{
    public static BleuCounts Of(IReadOnlyList<string> text, IReadOnlyList<IReadOnlyList<string>> references) => new(
        text.Count,
        references.Select(reference => reference.Count).OrderBy(length => Math.Abs(length - text.Count)).ThenBy(length => length).FirstOrDefault(),
        [.. Enumerable.Range(1, Bleu.Longest).Select(n => Clipped(Words.Grams(text, n), [.. references.Select(reference => Words.Grams(reference, n))]))]);

    private static int Clipped(IReadOnlyDictionary<string, int> grams, IReadOnlyList<IReadOnlyDictionary<string, int>> references) =>
        grams.Sum(gram => Math.Min(gram.Value, references.Select(reference => reference.GetValueOrDefault(gram.Key)).DefaultIfEmpty().Max()));
}
