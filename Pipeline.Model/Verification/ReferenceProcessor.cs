using Pipeline.Model.Tokenization;

namespace Pipeline.Model.Verification;

/// <summary>What the reference's processor makes of a prompt where this product does otherwise: cutting, padding, closing tokens.</summary>
internal static class ReferenceProcessor
{
    /// <summary>The surplus that the reference's processor adds for tokens to be generated; ignored by its model.</summary>
    private const int SurplusIndices = 10;

    /// <summary>Running number of each placeholder, −1 elsewhere and in the surplus.</summary>
    public static IEnumerable<long> PatchIndices(IReadOnlyList<int> ids, SpecialTokens special)
    {
        long next = 0;
        return [.. ids.Select(id => id == special.Placeholder ? next++ : -1), .. Enumerable.Repeat(-1L, SurplusIndices)];
    }

    /// <summary>The first int(max_length / 2) − 1 ids, as the reference cuts without a word; this product refuses such a prompt.</summary>
    public static IReadOnlyList<int> Cut(IReadOnlyList<int> text, int maxLength) => [.. text.Take((maxLength / 2) - 1)];

    /// <summary>Left padding to the longest: pad ids, mask, patch indices and positions, each a row a sequence.</summary>
    public static LeftPaddedBatch PadLeft(IReadOnlyList<IReadOnlyList<int>> sequences, int padId, SpecialTokens special)
    {
        int length = sequences.Max(sequence => sequence.Count);
        var padding = sequences.Select(sequence => length - sequence.Count).ToList();
        return new LeftPaddedBatch(
            length,
            [.. sequences.SelectMany((sequence, row) => Enumerable.Repeat(padId, padding[row]).Concat(sequence)).Select(id => (long)id)],
            [.. sequences.SelectMany((sequence, row) => Enumerable.Repeat(0L, padding[row]).Concat(sequence.Select(_ => 1L)))],
            [.. sequences.SelectMany((sequence, row) => Enumerable.Repeat(-1L, padding[row]).Concat(PatchIndices(sequence, special)))],
            [.. sequences.SelectMany((sequence, row) => Enumerable.Repeat(1L, padding[row]).Concat(sequence.Select((_, position) => (long)position)))]);
    }
}

/// <summary>A left-padded batch, all rows one after the other.</summary>
/// <param name="Length">Columns.</param>
/// <param name="Ids">With pad ids in front.</param>
/// <param name="Mask">0 at pads.</param>
/// <param name="PatchIndices">10 columns wider than the ids.</param>
/// <param name="Positions">cumsum(mask) − 1, with 1 at pads.</param>
internal sealed record LeftPaddedBatch(int Length, long[] Ids, long[] Mask, long[] PatchIndices, long[] Positions);
