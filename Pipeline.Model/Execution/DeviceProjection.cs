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

    /// <summary>The residual is the product's start: one kernel, and one rounding less.</summary>
    public override Tensor Plus(Tensor x, Tensor residual) => _bias is null ? residual.addmm(x, _weight.t(), beta: 1, alpha: 1) : base.Plus(x, residual);

    public override void Dispose()
    {
        _weight.Dispose();
        _bias?.Dispose();
    }
}
