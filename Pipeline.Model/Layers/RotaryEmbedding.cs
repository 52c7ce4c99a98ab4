using Pipeline.Model.Configuration;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Layers;

/// <summary>Rotary position embedding, pairing dimension i with i + half ("rotate half"), tables in float32.</summary>
internal sealed class RotaryEmbedding : IDisposable
{
    private readonly Tensor _cos;
    private readonly Tensor _sin;

    /// <param name="config">Frequencies and their scaling.</param>
    /// <param name="positions">Positions tabulated: 0 to <paramref name="positions"/> − 1.</param>
    /// <param name="device">Where the model runs.</param>
    public RotaryEmbedding(LlamaConfig config, int positions, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor angles = outer(arange(positions, ScalarType.Float32), InverseFrequencies(config)); // [positions, head/2]
        angles = cat([angles, angles], -1); // [positions, head]
        _cos = angles.cos().to(device).DetachFromDisposeScope();
        _sin = angles.sin().to(device).DetachFromDisposeScope();
    }

    /// <summary>Rotates queries or keys.</summary>
    /// <param name="x"><c>[batch, heads, tokens, head]</c></param>
    /// <param name="start">Position of the first token; the others follow.</param>
    public Tensor Apply(Tensor x, int start)
    {
        using DisposeScope scope = NewDisposeScope();
        long tokens = x.size(2), half = x.size(3) / 2;
        Tensor cos = _cos.narrow(0, start, tokens), sin = _sin.narrow(0, start, tokens); // [tokens, head]
        Tensor rotated = cat([x.narrow(3, half, half).neg(), x.narrow(3, 0, half)], -1);
        return x.mul(cos).add_(rotated.mul_(sin)).to(x.dtype).MoveToOuterDisposeScope();
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
