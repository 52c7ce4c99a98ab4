using Pipeline.Model.Native;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Layers;

/// <summary>Llama's RMSNorm: x / sqrt(mean(x²) + eps) in float32, then the weight.</summary>
/// <param name="weight"><c>[hidden]</c>; owned from now on.</param>
/// <param name="eps">Added to the mean square.</param>
/// <param name="isFused">One kernel, which rounds to the type of <c>x</c> once, behind the weight.</param>
internal sealed class RmsNorm(Tensor weight, double eps, bool isFused = false) : IDisposable
{
    private readonly Tensor _weight = weight.DetachFromDisposeScope();
    private readonly Scalar _eps = eps.ToScalar();

    public static RmsNorm Load(WeightSource source, string name, double eps) => new(source.Read($"{name}.weight"), eps, source.Placement.UsesDeviceKernels);

    /// <param name="x"><c>[…, hidden]</c></param>
    public Tensor Forward(Tensor x)
    {
        if (isFused)
        {
            return Aten.Call("aten::_fused_rms_norm", "", results: 2, wanted: 1, unwanted: [1], x, AtenArgument.List([x.size(-1)]), AtenArgument.Optional(_weight), AtenArgument.Optional(eps))[0];
        }

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
