using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Layers;

/// <summary>Llama's RMSNorm: x / sqrt(mean(x²) + eps) in float32, then the weight.</summary>
internal sealed class RmsNorm(WeightSource source, string name, double eps) : IDisposable
{
    private readonly Tensor _weight = source.Read($"{name}.weight").DetachFromDisposeScope();
    private readonly Scalar _eps = eps.ToScalar();

    /// <param name="x"><c>[…, hidden]</c></param>
    public Tensor Forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor wide = x.to(ScalarType.Float32);
        Tensor scale = wide.square().mean([-1], keepdim: true).add_(_eps).rsqrt_(); // [..., 1]
        return wide.mul(scale).to(x.dtype).mul_(_weight).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _weight.Dispose();
        _eps.Dispose();
    }
}
