using System.Text.RegularExpressions;

namespace Pipeline.Model.Tokenization;

/// <summary>Learns the merges of a byte-level BPE from text: the most frequent pair becomes the next entry, again and again.</summary>
/// <remarks>Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword Units", on bytes. Ties go to the lower pair of ids.</remarks>
public static class BpeTrainer
{
    /// <param name="text">What to learn from.</param>
    /// <param name="pattern">Splits the text into pieces that no merge crosses.</param>
    /// <param name="entries">Entries wanted; fewer are learnt where no pair occurs twice.</param>
    /// <returns>The entries in order of rank: the 256 bytes, then merged ones.</returns>
    public static IReadOnlyList<byte[]> Train(string text, Regex pattern, int entries)
    {
        List<byte[]> vocabulary = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value })];
        var pieces = pattern.Matches(text)
            .CountBy(match => match.Value, StringComparer.Ordinal)
            .Select(piece => (Ids: System.Text.Encoding.UTF8.GetBytes(piece.Key).Select(value => (int)value).ToList(), Count: piece.Value))
            .ToList();
        while (vocabulary.Count < entries)
        {
            var best = pieces
                .SelectMany(piece => piece.Ids.Zip(piece.Ids.Skip(1), (left, right) => (Pair: (left, right), piece.Count)))
                .AggregateBy(item => item.Pair, 0, (sum, item) => sum + item.Count)
                .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key)
                .FirstOrDefault();
            if (best.Value < 2)
            {
                break;
            }

            var (first, second) = best.Key;
            foreach (var (ids, _) in pieces)
            {
                Merge(ids, first, second, vocabulary.Count);
            }

            vocabulary.Add([.. vocabulary[first], .. vocabulary[second]]);
        }

        return vocabulary;
    }

    private static void Merge(List<int> ids, int first, int second, int merged)
    {
        for (int i = 0; i + 1 < ids.Count; i++)
        {
            if (ids[i] == first && ids[i + 1] == second)
            {
                ids[i] = merged;
                ids.RemoveAt(i + 1);
            }
        }
    }
}
