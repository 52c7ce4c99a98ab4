using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Layers;

/// <summary>Layer normalisation over the last dimension.</summary>
/// <param name="weight"><c>[hidden]</c>; owned from now on.</param>
/// <param name="bias"><c>[hidden]</c>; owned from now on.</param>
/// <param name="eps">Added to the variance.</param>
internal sealed class LayerNorm(Tensor weight, Tensor bias, double eps) : IDisposable
{
    private readonly Tensor _weight = weight.DetachFromDisposeScope();
    private readonly Tensor _bias = bias.DetachFromDisposeScope();

    public static LayerNorm Load(WeightSource source, string name, double eps) =>
        new(source.Read($"{name}.weight"), source.Read($"{name}.bias"), eps);

    /// <param name="x"><c>[…, hidden]</c></param>
    public Tensor Forward(Tensor x) => nn.functional.layer_norm(x, [x.size(-1)], _weight, _bias, eps);

    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }
}
