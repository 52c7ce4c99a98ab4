using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>y = x·Wᵀ + b written into memory that is there already: a buffer, or the residual stream.</summary>
internal sealed class Projection : IDisposable
{
    private readonly Tensor _weight; // [input, output], a view of what the checkpoint has
    private readonly Tensor? _bias;

    /// <param name="weight"><c>[output, input]</c>; owned from now on.</param>
    /// <param name="bias"><c>[output]</c> or null; owned from now on.</param>
    public Projection(Tensor weight, Tensor? bias)
    {
        using (weight)
        {
            _weight = weight.t().DetachFromDisposeScope();
        }

        _bias = bias?.DetachFromDisposeScope();
    }

    /// <summary>Reads one projection, or several stacked along their outputs.</summary>
    public static Projection Load(WeightSource source, params ReadOnlySpan<string> names)
    {
        string[] weights = [.. names.ToArray().Select(name => $"{name}.weight")], biases = [.. names.ToArray().Select(name => $"{name}.bias").Where(source.Has)];
        return names is [var single]
            ? new Projection(source.Read(weights[0]), biases.Length > 0 ? source.Read($"{single}.bias") : null)
            : new Projection(source.ReadStacked(weights), biases.Length > 0 ? source.ReadStacked(biases) : null);
    }

    public long Outputs => _weight.size(1);

    /// <summary>Writes into a buffer.</summary>
    /// <param name="x"><c>[rows, input]</c></param>
    /// <param name="name">Of the buffer.</param>
    /// <param name="workspace">Holds it.</param>
    /// <returns><c>[rows, output]</c></returns>
    public Tensor Into(Workspace workspace, string name, Tensor x)
    {
        Tensor y = workspace.Take(name, x.size(0), Outputs);
        if (_bias is null)
        {
            return y.addmm_(x, _weight, beta: 0, alpha: 1); // β = 0 ignores what was there
        }

        return y.copy_(_bias.expand_as(y)).addmm_(x, _weight, beta: 1, alpha: 1);
    }

    /// <summary>Adds to the residual stream in place.</summary>
    /// <param name="residual"><c>[rows, output]</c></param>
    /// <param name="x"><c>[rows, input]</c></param>
    public void AddTo(Tensor residual, Tensor x)
    {
        if (_bias is not null)
        {
            residual.add_(_bias);
        }

        residual.addmm_(x, _weight, beta: 1, alpha: 1);
    }

    public void Dispose()
    {
        _weight.Dispose();
        _bias?.Dispose();
    }
}
