namespace Pipeline.Model.Training;

/// <summary>The reference's labels: what follows BOS is to be predicted, what stands before it is not.</summary>
internal static class TrainingText
{
    /// <summary>No label: the loss leaves it out.</summary>
    public const long Ignored = -100;

    /// <summary>The reference's <c>get_labels</c> and <c>find_and_remove_tokens</c>: questions, headers and padding are targets too.</summary>
    /// <param name="ids">One row of the padded batch; where BOS occurs again, its last one is replaced by <paramref name="end"/>, as the reference does.</param>
    /// <param name="begin">BOS.</param>
    /// <param name="end">End of text, which the reference pads with as well.</param>
    /// <returns>A label for each id: the id itself, or <see cref="Ignored"/> up to and including the first BOS.</returns>
    public static long[] Labels(long[] ids, long begin, long end)
    {
        int first = Array.IndexOf(ids, begin), last = Array.LastIndexOf(ids, begin);
        if (first != last)
        {
            ids[last] = end;
        }

        return [.. ids.Select((id, position) => position <= first ? Ignored : id)];
    }

    /// <summary>Pads rows on the right to the longest.</summary>
    public static (long[] Ids, long[] Mask, int Length) PadRight(IReadOnlyList<IReadOnlyList<int>> rows, int pad)
    {
        int length = rows.Max(row => row.Count);
        return (
            [.. rows.SelectMany(row => row.Select(id => (long)id).Concat(Enumerable.Repeat((long)pad, length - row.Count)))],
            [.. rows.SelectMany(row => Enumerable.Repeat(1L, row.Count).Concat(Enumerable.Repeat(0L, length - row.Count)))],
            length);
    }
}
