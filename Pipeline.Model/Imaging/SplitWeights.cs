namespace Pipeline.Model.Imaging;

/// <summary>Weights in the form of <c>vpmaddwd</c>, which multiplies pairs of 16-bit numbers: exact, though a weight has 24 bits.</summary>
/// <remarks>
/// A weight is upper × 4096 + lower, 0 ≤ lower &lt; 4096, so a weighted sum is that of the uppers × 4096 + that of the lowers. Two
/// neighbouring taps lie in one int, the first in its lower half. A missing last tap weighs 0.
/// </remarks>
internal static class SplitWeights
{
    public const int LowerBits = 12;

    /// <summary>Pairs that <paramref name="taps"/> weights need.</summary>
    public static int Pairs(int taps) => (taps + 1) / 2;

    /// <summary>Splits weights into <c>Pairs(weights.Length)</c> ints each.</summary>
    public static void Split(ReadOnlySpan<int> weights, Span<int> uppers, Span<int> lowers)
    {
        const int Lower = (1 << LowerBits) - 1;
        for (var pair = 0; pair < Pairs(weights.Length); pair++)
        {
            var first = weights[2 * pair];
            var second = (2 * pair) + 1 < weights.Length ? weights[(2 * pair) + 1] : 0;
            uppers[pair] = Join(first >> LowerBits, second >> LowerBits);
            lowers[pair] = Join(first & Lower, second & Lower);
        }
    }

    private static int Join(int first, int second) => (second << 16) | (ushort)first;
}
