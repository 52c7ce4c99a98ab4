using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>On libtorch's ordinary products: other devices and element types.</summary>
/// <param name="weight"><c>[output, input]</c>; owned from now on.</param>
/// <param name="bias"><c>[output]</c> or null; owned from now on.</param>
internal sealed class DeviceProjection(Tensor weight, Tensor? bias) : Projection
{
    private readonly Tensor _weight = weight.DetachFromDisposeScope();
    private readonly Tensor? _bias = bias?.DetachFromDisposeScope();

    public override Tensor Forward(Tensor x) => nn.functional.linear(x, _weight, _bias);

    public override Tensor Silu(Tensor x) => nn.functional.silu(Forward(x), inplace: true);

    public override Tensor Gelu(Tensor x)
    {
        using Tensor y = Forward(x);
        return nn.functional.gelu(y);
    }

    public override Tensor Plus(Tensor x, Tensor residual) => Forward(x).add_(residual);

    public override Tensor Times(Tensor x, Tensor factor) => Forward(x).mul_(factor);

    public override void Dispose()
    {
        _weight.Dispose();
        _bias?.Dispose();
    }
}
