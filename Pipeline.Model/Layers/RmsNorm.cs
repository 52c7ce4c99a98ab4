using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Layers;

/// <summary>Llama's RMSNorm: x / sqrt(mean(x²) + eps) in float32, then the weight.</summary>
/// <param name="weight"><c>[hidden]</c>; owned from now on.</param>
/// <param name="eps">Added to the mean square.</param>
internal sealed class RmsNorm(Tensor weight, double eps) : IDisposable
{
    private readonly Tensor _weight = weight.DetachFromDisposeScope();
    private readonly Scalar _eps = eps.ToScalar();

    public static RmsNorm Load(WeightSource source, string name, double eps) => new(source.Read($"{name}.weight"), eps);

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
