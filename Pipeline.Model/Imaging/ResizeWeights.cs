namespace Pipeline.Model.Imaging;

/// <summary>Which source positions make each output position along one axis, and by what weights: Pillow's bicubic filter.</summary>
/// <remarks>Pillow, <c>src/libImaging/Resample.c</c>, precompute_coeffs and normalize_coeffs_8bpc.</remarks>
internal sealed class ResizeWeights
{
    /// <summary>Weights are integers with this many fractional bits.</summary>
    public const int FractionBits = 22;

    private const double Support = 2;
    private readonly int[] _first;
    private readonly int[] _count;
    private readonly int[] _weights;

    public ResizeWeights(int sourceLength, int outputLength)
    {
        var scale = (double)sourceLength / outputLength;
        var filterScale = Math.Max(scale, 1);
        var support = Support * filterScale;
        MaxCount = ((int)Math.Ceiling(support) * 2) + 1;
        _first = new int[outputLength];
        _count = new int[outputLength];
        _weights = new int[checked(outputLength * MaxCount)];
        var inverse = 1 / filterScale;
        Span<double> raw = MaxCount <= 256 ? stackalloc double[MaxCount] : new double[MaxCount];
        for (var output = 0; output < outputLength; output++)
        {
            var centre = (output + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - support + 0.5));
            var count = Math.Min(sourceLength, (int)(centre + support + 0.5)) - first;
            var sum = 0.0;
            for (var tap = 0; tap < count; tap++)
            {
                raw[tap] = Cubic((tap + first - centre + 0.5) * inverse);
                sum += raw[tap];
            }

            (_first[output], _count[output]) = (first, count);
            Quantise(raw[..count], sum, _weights.AsSpan(output * MaxCount));
        }
    }

    /// <summary>No output position is made of more source positions.</summary>
    public int MaxCount { get; }

    /// <summary>First source position of an output position; never falls as outputs rise.</summary>
    public int First(int output) => _first[output];

    /// <summary>Weights of the source positions from <see cref="First"/> on.</summary>
    public ReadOnlySpan<int> Of(int output) => _weights.AsSpan(output * MaxCount, _count[output]);

    // Rounded half away from zero.
    private static void Quantise(ReadOnlySpan<double> raw, double sum, Span<int> weights)
    {
        for (var tap = 0; tap < raw.Length; tap++)
        {
            var weight = (sum == 0 ? raw[tap] : raw[tap] / sum) * (1 << FractionBits);
            weights[tap] = (int)(weight + (weight < 0 ? -0.5 : 0.5));
        }
    }

    // Keys' cubic with a = -0.5.
    private static double Cubic(double x)
    {
        const double A = -0.5;
        x = Math.Abs(x);
        return x switch
        {
            < 1 => ((((A + 2) * x) - (A + 3)) * x * x) + 1,
            < 2 => (((((x - 5) * x) + 8) * x) - 4) * A,
            _ => 0,
        };
    }
}
