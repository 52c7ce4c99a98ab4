using System.Runtime.InteropServices;

namespace Pipeline.Jobs.Statistics;

/// <summary>How often each of some words came.</summary>
internal sealed class CountTable
{
    private readonly Dictionary<string, long> counts = new(StringComparer.Ordinal);

    public void Add(string word, long times = 1) => CollectionsMarshal.GetValueRefOrAddDefault(counts, word, out _) += times;

    public void Add(IReadOnlyDictionary<string, long> others)
    {
        foreach (var (word, times) in others)
        {
            Add(word, times);
        }
    }

    /// <summary>Most frequent first, and of equals in the order of their letters: the same counts always give the same.</summary>
    public IReadOnlyDictionary<string, long> ToSorted() =>
        counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal).ToDictionary();
}
