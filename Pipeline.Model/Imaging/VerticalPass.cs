using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pipeline.Model.Imaging;

/// <summary>Blends rows of bytes into one, by the weights of an output row.</summary>
/// <param name="taps">Most rows that are blended at once.</param>
internal ref struct VerticalPass(int taps) : IDisposable
{
    private int[]? _split = ArrayPool<int>.Shared.Rent(2 * SplitWeights.Pairs(taps));
    private ReadOnlySpan<int> _weights;

    /// <summary>Sets the weights of the calls of <see cref="Run"/> that follow.</summary>
    public void Use(ReadOnlySpan<int> weights)
    {
        _weights = weights;
        SplitWeights.Split(weights, _split, _split.AsSpan(SplitWeights.Pairs(weights.Length)));
    }

    /// <summary>Blends <c>output.Length</c> bytes.</summary>
    /// <param name="rows">Memory that holds the rows.</param>
    /// <param name="offsets">Where in it the bytes of each row begin, one for each weight.</param>
    /// <param name="output">The blended bytes.</param>
    public readonly void Run(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, Span<byte> output)
    {
        foreach (var offset in offsets)
        {
            // The vector loop reads without bounds checks.
            _ = rows.Slice(offset, output.Length);
        }

        if (Avx2.IsSupported && output.Length >= Vector256<byte>.Count)
        {
            RunAvx2(rows, offsets, output);
        }
        else
        {
            RunScalar(rows, offsets, output);
        }
    }

    internal readonly void RunScalar(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, Span<byte> output)
    {
        for (var i = 0; i < output.Length; i++)
        {
            var sum = 1 << (ResizeWeights.FractionBits - 1);
            for (var tap = 0; tap < offsets.Length; tap++)
            {
                sum += rows[offsets[tap] + i] * _weights[tap];
            }

            output[i] = (byte)Math.Clamp(sum >> ResizeWeights.FractionBits, 0, 255);
        }
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_split!);
        _split = null;
    }

    private readonly void RunAvx2(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, Span<byte> output)
    {
        ref var source = ref MemoryMarshal.GetReference(rows);
        ref var target = ref MemoryMarshal.GetReference(output);
        var last = output.Length - Vector256<byte>.Count;
        for (var i = 0; i < last; i += Vector256<byte>.Count)
        {
            Blend(ref source, offsets, i).StoreUnsafe(ref target, (nuint)i);
        }

        // The last 32 bytes overlap the block before them.
        Blend(ref source, offsets, last).StoreUnsafe(ref target, (nuint)last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Vector256<byte> Blend(ref byte source, ReadOnlySpan<int> offsets, int i)
    {
        var pairs = SplitWeights.Pairs(offsets.Length);
        ref var weights = ref MemoryMarshal.GetArrayDataReference(_split!);
        Vector256<int> upper0 = default, upper1 = default, upper2 = default, upper3 = default;
        var lower0 = Vector256.Create(1 << (ResizeWeights.FractionBits - 1));
        var (lower1, lower2, lower3) = (lower0, lower0, lower0);
        for (var pair = 0; pair < pairs; pair++)
        {
            var upperWeights = Vector256.Create(Unsafe.Add(ref weights, pair)).AsInt16();
            var lowerWeights = Vector256.Create(Unsafe.Add(ref weights, pairs + pair)).AsInt16();
            var first = Vector256.LoadUnsafe(ref source, (nuint)(offsets[2 * pair] + i));
            var second = Vector256.LoadUnsafe(ref source, (nuint)(offsets[Math.Min((2 * pair) + 1, offsets.Length - 1)] + i));

            // Bytes of both rows side by side, widened to 16 bits; packing at the end undoes the order this leaves them in.
            var low = Avx2.UnpackLow(first, second);
            var high = Avx2.UnpackHigh(first, second);
            var part0 = Avx2.UnpackLow(low, Vector256<byte>.Zero).AsInt16();
            var part1 = Avx2.UnpackHigh(low, Vector256<byte>.Zero).AsInt16();
            var part2 = Avx2.UnpackLow(high, Vector256<byte>.Zero).AsInt16();
            var part3 = Avx2.UnpackHigh(high, Vector256<byte>.Zero).AsInt16();
            upper0 += Avx2.MultiplyAddAdjacent(part0, upperWeights);
            lower0 += Avx2.MultiplyAddAdjacent(part0, lowerWeights);
            upper1 += Avx2.MultiplyAddAdjacent(part1, upperWeights);
            lower1 += Avx2.MultiplyAddAdjacent(part1, lowerWeights);
            upper2 += Avx2.MultiplyAddAdjacent(part2, upperWeights);
            lower2 += Avx2.MultiplyAddAdjacent(part2, lowerWeights);
            upper3 += Avx2.MultiplyAddAdjacent(part3, upperWeights);
            lower3 += Avx2.MultiplyAddAdjacent(part3, lowerWeights);
        }

        return Avx2.PackUnsignedSaturate(
            Avx2.PackSignedSaturate(Round(upper0, lower0), Round(upper1, lower1)),
            Avx2.PackSignedSaturate(Round(upper2, lower2), Round(upper3, lower3)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Round(Vector256<int> upper, Vector256<int> lower) =>
        ((upper << SplitWeights.LowerBits) + lower) >> ResizeWeights.FractionBits;
}
