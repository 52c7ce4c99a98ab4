using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Layers;

/// <summary>y = x·Wᵀ + b. Several projections of the same input are stacked into one product.</summary>
internal sealed class Linear : IDisposable
{
    private readonly Tensor _weight;
    private readonly Tensor? _bias;

    /// <param name="weight"><c>[output, input]</c>; owned from now on.</param>
    /// <param name="bias"><c>[output]</c> or null; owned from now on.</param>
    public Linear(Tensor weight, Tensor? bias)
    {
        _weight = weight.DetachFromDisposeScope();
        _bias = bias?.DetachFromDisposeScope();
    }

    /// <summary>Reads one projection, or several stacked along their outputs.</summary>
    /// <param name="source">The weights.</param>
    /// <param name="names">Parameter names without <c>.weight</c> and <c>.bias</c>; the bias is read where it exists.</param>
    public static Linear Load(WeightSource source, params ReadOnlySpan<string> names)
    {
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> weights = [], biases = [];
        foreach (string name in names)
        {
            weights.Add(source.Read($"{name}.weight"));
            if (source.Has($"{name}.bias"))
            {
                biases.Add(source.Read($"{name}.bias"));
            }
        }

        return names.Length == 1
            ? new Linear(weights[0], biases.FirstOrDefault())
            : new Linear(cat(weights), biases.Count > 0 ? cat(biases) : null);
    }

    /// <param name="x"><c>[…, input]</c></param>
    /// <returns><c>[…, output]</c></returns>
    public Tensor Forward(Tensor x) => nn.functional.linear(x, _weight, _bias);

    public void Dispose()
    {
        _weight.Dispose();
        _bias?.Dispose();
    }
}
