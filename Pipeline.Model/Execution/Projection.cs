using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>A linear layer with what follows it: y = f(x·Wᵀ + b). Products over several stacked weights are one.</summary>
internal abstract class Projection : IDisposable
{
    /// <summary>Reads one projection, or several stacked along their outputs.</summary>
    public static Projection Load(WeightSource source, params ReadOnlySpan<string> names)
    {
        string[] weights = [.. names.ToArray().Select(name => $"{name}.weight")], biases = [.. names.ToArray().Select(name => $"{name}.bias").Where(source.Has)];
        return names is [_]
            ? Of(source.Read(weights[0]), biases.Length > 0 ? source.Read(biases[0]) : null)
            : Of(source.ReadStacked(weights), biases.Length > 0 ? source.ReadStacked(biases) : null);
    }

    /// <param name="weight"><c>[output, input]</c>; owned from now on.</param>
    /// <param name="bias"><c>[output]</c> or null; owned from now on.</param>
    public static Projection Of(Tensor weight, Tensor? bias) =>
        weight.device_type == TorchSharp.DeviceType.CPU && weight.dtype == ScalarType.Float32 ? new CpuProjection(weight, bias) : new DeviceProjection(weight, bias);

    /// <param name="x"><c>[rows, input]</c></param>
    /// <returns><c>[rows, output]</c></returns>
    public abstract Tensor Forward(Tensor x);

    /// <summary>silu(x·Wᵀ + b)</summary>
    public abstract Tensor Silu(Tensor x);

    /// <summary>gelu(x·Wᵀ + b), the exact one.</summary>
    public abstract Tensor Gelu(Tensor x);

    /// <summary>x·Wᵀ + b + <paramref name="residual"/></summary>
    public abstract Tensor Plus(Tensor x, Tensor residual);

    /// <summary>(x·Wᵀ + b) · <paramref name="factor"/>, element by element.</summary>
    public abstract Tensor Times(Tensor x, Tensor factor);

    public abstract void Dispose();
}
