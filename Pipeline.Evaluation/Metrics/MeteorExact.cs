namespace Pipeline.Evaluation.Metrics;

/// <summary>
/// METEOR as first published (Banerjee and Lavie 2005) with its exact stage alone: no stems, no synonyms, no paraphrases. Lower than METEOR 1.5, and not to be
/// compared with it; hence the name "METEOR-exact".
/// </summary>
public static class MeteorExact
{
    /// <summary>Alignments kept while looking for the one with the fewest crossings: enough to be exact for texts without many repeated words.</summary>
    private const int Beam = 64;

    /// <returns>The best over the references, 0 to 1.</returns>
    public static double Of(IReadOnlyList<string> text, IReadOnlyList<IReadOnlyList<string>> references) =>
        references.Select(reference => Of(text, reference)).DefaultIfEmpty().Max();

    private static double Of(IReadOnlyList<string> text, IReadOnlyList<string> reference)
    {
        List<(int At, int To)> pairs = Align(text, reference);
        if (pairs.Count == 0)
        {
            return 0;
        }

        double precision = (double)pairs.Count / text.Count, recall = (double)pairs.Count / reference.Count;
        int chunks = 1 + pairs.Zip(pairs.Skip(1)).Count(next => next.Second.At != next.First.At + 1 || next.Second.To != next.First.To + 1);
        double mean = 10 * precision * recall / (recall + (9 * precision));
        return mean * (1 - (0.5 * Math.Pow((double)chunks / pairs.Count, 3)));
    }

    /// <summary>As many pairs of equal words as can be, and among those alignments the one with the fewest crossing pairs.</summary>
    private static List<(int At, int To)> Align(IReadOnlyList<string> text, IReadOnlyList<string> reference)
    {
        List<Alignment> open = [new([], 0)];
        for (int i = 0; i < text.Count; i++)
        {
            int at = i;
            List<int> places = [.. Enumerable.Range(0, reference.Count).Where(place => reference[place] == text[at])];
            int later = text.Skip(at + 1).Count(word => word == text[at]);
            open = [.. open.SelectMany(alignment => alignment.Next(at, places, later)).OrderBy(alignment => alignment.Crossings).Take(Beam)];
        }

        return open[0].Pairs;
    }

    private sealed record Alignment(List<(int At, int To)> Pairs, int Crossings)
    {
        public IEnumerable<Alignment> Next(int at, List<int> places, int later)
        {
            List<int> free = [.. places.Where(place => Pairs.TrueForAll(pair => pair.To != place))];

            // Leaving the word out is an alternative only if the same words further on can still take all places.
            if (free.Count == 0 || later >= free.Count)
            {
                yield return this;
            }

            foreach (int place in free)
            {
                yield return new Alignment([.. Pairs, (at, place)], Crossings + Pairs.Count(pair => pair.To > place));
            }
        }
    }
}
