using Pipeline.Model.Configuration;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Layers;

/// <summary>Rotary position embedding, pairing dimension i with i + half ("rotate half"), tables in float32.</summary>
internal sealed class RotaryEmbedding : IDisposable
{
    private readonly Tensor _cos;
    private readonly Tensor _sin;

    /// <param name="frequencies"><c>[head / 2]</c>, from <see cref="InverseFrequencies"/>; borrowed.</param>
    /// <param name="positions">Positions tabulated: 0 to <paramref name="positions"/> − 1.</param>
    public RotaryEmbedding(Tensor frequencies, int positions)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor angles = outer(arange(positions, ScalarType.Float32, frequencies.device), frequencies); // [positions, head/2]
        angles = cat([angles, angles], -1); // [positions, head]
        _cos = angles.cos().DetachFromDisposeScope();
        _sin = angles.sin().DetachFromDisposeScope();
    }

    /// <summary>Rows of consecutive positions, <c>[count, head]</c>.</summary>
    public RotaryTables From(int start, int count) => new(_cos.narrow(0, start, count), _sin.narrow(0, start, count));

    /// <summary>Rows of any positions.</summary>
    /// <param name="positions">int64 <c>[batch, tokens]</c></param>
    /// <returns><c>[batch, 1, tokens, head]</c></returns>
    public RotaryTables At(Tensor positions)
    {
        using Tensor flat = positions.reshape(-1);
        long[] shape = [positions.size(0), 1, positions.size(1), _cos.size(1)];
        using Tensor cos = _cos.index_select(0, flat), sin = _sin.index_select(0, flat);
        return new RotaryTables(cos.view(shape), sin.view(shape));
    }

    /// <summary><c>[head / 2]</c>, scaled as transformers' <c>modeling_rope_utils</c> does.</summary>
    internal static Tensor InverseFrequencies(LlamaConfig config)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor exponents = arange(0, config.HeadDim, 2, ScalarType.Float32).div_(config.HeadDim);
        Tensor plain = pow(config.RopeTheta, exponents).reciprocal_();
        Tensor scaled = config.RopeScaling switch
        {
            { Kind: "linear" } linear => plain.div(linear.Factor),
            { Kind: "llama3" } llama3 => ScaleLlama3(plain, llama3),
            _ => plain,
        };
        return scaled.MoveToOuterDisposeScope();
    }

    /// <summary>Long wavelengths are stretched by the factor, short ones kept, those between blended.</summary>
    private static Tensor ScaleLlama3(Tensor plain, RopeScaling scaling)
    {
        double original = scaling.OriginalMaxPositionEmbeddings;
        Tensor wavelength = (2 * Math.PI) / plain;
        Tensor smooth = (original / wavelength).sub_(scaling.LowFreqFactor).div_(scaling.HighFreqFactor - scaling.LowFreqFactor);
        Tensor blended = (1 - smooth).mul_(plain).div_(scaling.Factor).add_(smooth * plain);
        Tensor shortWave = wavelength < (original / scaling.HighFreqFactor), longWave = wavelength > (original / scaling.LowFreqFactor);
        return where(shortWave, plain, where(longWave, plain / scaling.Factor, blended));
    }

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }
}

/// <summary>Cosines and sines of some positions, broadcastable to <c>[batch, heads, tokens, head]</c>.</summary>
internal sealed record RotaryTables(Tensor Cos, Tensor Sin) : IDisposable
{
    /// <summary>Rotates queries or keys.</summary>
    /// <param name="x"><c>[batch, heads, tokens, head]</c></param>
    public Tensor Apply(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        long half = x.size(3) / 2;
        Tensor rotated = cat([x.narrow(3, half, half).neg(), x.narrow(3, 0, half)], -1);
        return x.mul(Cos).add_(rotated.mul_(Sin)).to(x.dtype).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Cos.Dispose();
        Sin.Dispose();
    }
}
