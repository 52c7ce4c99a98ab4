using Pipeline.Model.Weights;
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
        if (names is [var single])
        {
            return new Linear(source.Read($"{single}.weight"), source.Has($"{single}.bias") ? source.Read($"{single}.bias") : null);
        }

        string[] weights = [.. names.ToArray().Select(name => $"{name}.weight")], biases = [.. names.ToArray().Select(name => $"{name}.bias").Where(source.Has)];
        return new Linear(source.ReadStacked(weights), biases.Length > 0 ? source.ReadStacked(biases) : null);
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
