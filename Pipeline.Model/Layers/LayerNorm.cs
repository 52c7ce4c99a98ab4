using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Layers;

/// <summary>Layer normalisation over the last dimension, with weight and bias.</summary>
internal sealed class LayerNorm(WeightSource source, string name, double eps) : IDisposable
{
    private readonly Tensor _weight = source.Read($"{name}.weight").DetachFromDisposeScope();
    private readonly Tensor _bias = source.Read($"{name}.bias").DetachFromDisposeScope();

    /// <param name="x"><c>[…, hidden]</c></param>
    public Tensor Forward(Tensor x) => nn.functional.layer_norm(x, [x.size(-1)], _weight, _bias, eps);

    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }
}
