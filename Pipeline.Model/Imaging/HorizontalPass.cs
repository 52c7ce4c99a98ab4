using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pipeline.Model.Imaging;

/// <summary>Stretches rows of RGB pixels to another width, two rows at a time.</summary>
internal sealed class HorizontalPass
{
    /// <summary>Bytes that may be read beyond the end of a source row and written beyond the end of an output row.</summary>
    public const int Slack = 64;

    // A group: 4 taps, 2 pairs. Its ints: upper weights of both pairs, then lower weights of both.
    private const int GroupTaps = 4;
    private const int GroupInts = 4;
    private const int PixelsAtOnce = 4;

    private readonly ResizeWeights _weights;
    private readonly int _outputWidth;
    private readonly int _groups;
    private readonly int[] _packed;

    public HorizontalPass(int sourceWidth, int outputWidth)
    {
        _weights = new ResizeWeights(sourceWidth, outputWidth);
        _outputWidth = outputWidth;
        var maxCount = 0;
        for (var x = 0; x < outputWidth; x++)
        {
            maxCount = Math.Max(maxCount, _weights.Of(x).Length);
        }

        _groups = (maxCount + GroupTaps - 1) / GroupTaps;
        _packed = Avx2.IsSupported ? Pack() : [];
        SourceSlack = (_groups * GroupTaps * 3) + Slack;
    }

    /// <summary>Bytes behind a source row that must be readable, whatever they hold.</summary>
    public int SourceSlack { get; }

    /// <summary>Makes two output rows of two source rows (which may be one and the same).</summary>
    /// <param name="upper">Source row, with <see cref="SourceSlack"/> bytes behind it.</param>
    /// <param name="lower">The other source row, likewise.</param>
    /// <param name="upperOutput">Output row, with <see cref="Slack"/> bytes behind it.</param>
    /// <param name="lowerOutput">The other output row, likewise.</param>
    public void Run(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> upperOutput, Span<byte> lowerOutput)
    {
        if (Avx2.IsSupported)
        {
            RunAvx2(upper, lower, upperOutput, lowerOutput);
        }
        else
        {
            RunScalar(upper, upperOutput);
            RunScalar(lower, lowerOutput);
        }
    }

    internal void RunScalar(ReadOnlySpan<byte> source, Span<byte> output)
    {
        for (var x = 0; x < _outputWidth; x++)
        {
            var weights = _weights.Of(x);
            var pixels = source[(3 * _weights.First(x))..];
            for (var band = 0; band < 3; band++)
            {
                var sum = 1 << (ResizeWeights.FractionBits - 1);
                for (var tap = 0; tap < weights.Length; tap++)
                {
                    sum += pixels[(3 * tap) + band] * weights[tap];
                }

                output[(3 * x) + band] = (byte)Math.Clamp(sum >> ResizeWeights.FractionBits, 0, 255);
            }
        }
    }

    private int[] Pack()
    {
        var packed = new int[checked(_outputWidth * _groups * GroupInts)];
        Span<int> padded = new int[_groups * GroupTaps];
        for (var x = 0; x < _outputWidth; x++)
        {
            padded.Clear();
            _weights.Of(x).CopyTo(padded);
            for (var group = 0; group < _groups; group++)
            {
                var ints = packed.AsSpan(((x * _groups) + group) * GroupInts, GroupInts);
                SplitWeights.Split(padded.Slice(group * GroupTaps, GroupTaps), ints, ints[2..]);
            }
        }

        return packed;
    }

    private void RunAvx2(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> upperOutput, Span<byte> lowerOutput)
    {
        // RGBx RGBx RGBx RGBx to RGBRGBRGBRGB, in both halves.
        var squeeze = Vector256.Create(Squeeze, Squeeze);
        ref var upperStart = ref MemoryMarshal.GetReference(upper);
        ref var lowerStart = ref MemoryMarshal.GetReference(lower);
        for (var x = 0; x < _outputWidth; x += PixelsAtOnce)
        {
            var last = _outputWidth - 1;
            var a = Pixel(ref upperStart, ref lowerStart, x);
            var b = Pixel(ref upperStart, ref lowerStart, Math.Min(x + 1, last));
            var c = Pixel(ref upperStart, ref lowerStart, Math.Min(x + 2, last));
            var d = Pixel(ref upperStart, ref lowerStart, Math.Min(x + 3, last));
            var four = Avx2.PackUnsignedSaturate(Avx2.PackSignedSaturate(a, b), Avx2.PackSignedSaturate(c, d));
            var rgb = Avx2.Shuffle(four, squeeze);
            rgb.GetLower().CopyTo(upperOutput.Slice(3 * x, Vector128<byte>.Count));
            rgb.GetUpper().CopyTo(lowerOutput.Slice(3 * x, Vector128<byte>.Count));
        }
    }

    // One output pixel of both rows: R, G, B and a fourth number without meaning, for the upper row, then for the lower.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> Pixel(ref byte upper, ref byte lower, int x)
    {
        var firstPair = Vector256.Create(FirstPair, FirstPair);
        var secondPair = Vector256.Create(SecondPair, SecondPair);
        var at = (nuint)(3 * _weights.First(x));
        ref var weights = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_packed), x * _groups * GroupInts);
        var uppers = Vector256<int>.Zero;
        var lowers = Vector256.Create(1 << (ResizeWeights.FractionBits - 1));
        for (var group = 0; group < _groups; group++)
        {
            var pixels = Vector256.Create(Vector128.LoadUnsafe(ref upper, at), Vector128.LoadUnsafe(ref lower, at));
            var first = Avx2.Shuffle(pixels, firstPair).AsInt16();
            var second = Avx2.Shuffle(pixels, secondPair).AsInt16();
            uppers += Avx2.MultiplyAddAdjacent(first, Vector256.Create(weights).AsInt16());
            lowers += Avx2.MultiplyAddAdjacent(first, Vector256.Create(Unsafe.Add(ref weights, 2)).AsInt16());
            uppers += Avx2.MultiplyAddAdjacent(second, Vector256.Create(Unsafe.Add(ref weights, 1)).AsInt16());
            lowers += Avx2.MultiplyAddAdjacent(second, Vector256.Create(Unsafe.Add(ref weights, 3)).AsInt16());
            weights = ref Unsafe.Add(ref weights, GroupInts);
            at += GroupTaps * 3;
        }

        return ((uppers << SplitWeights.LowerBits) + lowers) >> ResizeWeights.FractionBits;
    }

    private const byte None = 0x80;

    // Of pixels RGBRGBRGBRGB: each band of the first and second (third and fourth) side by side, widened to 16 bits.
    private static Vector128<byte> FirstPair =>
        Vector128.Create(0, None, 3, None, 1, None, 4, None, 2, None, 5, None, None, None, None, None);

    private static Vector128<byte> SecondPair =>
        Vector128.Create(6, None, 9, None, 7, None, 10, None, 8, None, 11, None, None, None, None, None);

    private static Vector128<byte> Squeeze => Vector128.Create(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, None, None, None, None);
}
