using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Language;

/// <summary>Rotary embedding of packed tokens in two passes: x·cos + roll(x)·sin, the signs of "rotate half" in the sines.</summary>
internal sealed class Rotary : IDisposable
{
    private readonly Tensor _cos;
    private readonly Tensor _sin;

    /// <param name="config">Frequencies.</param>
    /// <param name="positions">Positions tabulated.</param>
    /// <param name="device">Where the model runs.</param>
    public Rotary(LlamaConfig config, int positions, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor angles = outer(arange(positions, ScalarType.Float32), RotaryEmbedding.InverseFrequencies(config)); // [positions, head/2]
        _cos = cat([angles.cos(), angles.cos()], -1).to(device).DetachFromDisposeScope();
        _sin = cat([angles.sin().neg_(), angles.sin()], -1).to(device).DetachFromDisposeScope();
    }

    /// <summary>Tables of positions 0 to <paramref name="count"/> − 1: an image's.</summary>
    public RotaryRows First(int count) => new(_cos.narrow(0, 0, count).unsqueeze(1), _sin.narrow(0, 0, count).unsqueeze(1));

    /// <param name="positions">int64 <c>[tokens]</c></param>
    public RotaryRows At(Tensor positions) => new(_cos.index_select(0, positions).unsqueeze(1), _sin.index_select(0, positions).unsqueeze(1));

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }
}

/// <summary>Cosines and signed sines of some tokens' positions, <c>[tokens, 1, head]</c> each.</summary>
internal sealed record RotaryRows(Tensor Cos, Tensor Sin)
{
    private static readonly Scalar s_one = 1.0.ToScalar();

    /// <summary>For several sequences of the same positions, one after the other.</summary>
    public RotaryRows Repeat(int times) => times == 1 ? this : new(Cos.repeat(times, 1, 1), Sin.repeat(times, 1, 1));

    /// <param name="x">Queries and keys together, <c>[tokens, heads, head]</c>.</param>
    /// <returns>the same shape</returns>
    public Tensor Apply(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rolled = x.roll([x.size(2) / 2], [2]);
        return x.mul(Cos).addcmul_(rolled, Sin, s_one).to(x.dtype).MoveToOuterDisposeScope();
    }
}
