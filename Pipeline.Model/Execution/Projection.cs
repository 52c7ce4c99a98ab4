using Pipeline.Model.Native;
using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>A linear layer with what follows it: y = f(x·Wᵀ + b). Products over several stacked weights are one.</summary>
internal abstract class Projection : IDisposable
{
    /// <summary>Reads one projection, or several stacked along their outputs.</summary>
    public static Projection Load(WeightSource source, params ReadOnlySpan<string> names)
    {
        var (weight, bias) = Read(source, names);
        return Of(weight, bias, source.Placement);
    }

    /// <summary>The same, held as the placement says that language layers are.</summary>
    public static Projection LoadQuantized(WeightSource source, params ReadOnlySpan<string> names)
    {
        var (weight, bias) = Read(source, names);
        return source.Placement.Quantization switch
        {
            Quantization.Int8 => new Int8Projection(weight, bias),
            Quantization.Int4 when Int4Projection.Takes(weight) => new Int4Projection(weight, bias),
            _ => Of(weight, bias, source.Placement),
        };
    }

    /// <param name="weight"><c>[output, input]</c>; owned from now on.</param>
    /// <param name="bias"><c>[output]</c> or null; owned from now on.</param>
    /// <param name="placement">Where it runs.</param>
    public static Projection Of(Tensor weight, Tensor? bias, Placement placement)
    {
        if (placement.UsesDeviceKernels || PackedWeight.TryPack(weight, bias) is not { } packed)
        {
            return new DeviceProjection(weight, bias);
        }

        weight.Dispose();
        return new CpuProjection(packed);
    }

    /// <param name="x"><c>[rows, input]</c></param>
    /// <returns><c>[rows, output]</c></returns>
    public abstract Tensor Forward(Tensor x);

    /// <summary>silu(x·Wᵀ + b)</summary>
    public virtual Tensor Silu(Tensor x) => nn.functional.silu(Forward(x), inplace: true);

    /// <summary>gelu(x·Wᵀ + b), the exact one.</summary>
    public virtual Tensor Gelu(Tensor x)
    {
        using Tensor y = Forward(x);
        return nn.functional.gelu(y);
    }

    /// <summary>x·Wᵀ + b + <paramref name="residual"/></summary>
    public virtual Tensor Plus(Tensor x, Tensor residual) => Forward(x).add_(residual);

    /// <summary>(x·Wᵀ + b) · <paramref name="factor"/>, element by element.</summary>
    public virtual Tensor Times(Tensor x, Tensor factor) => Forward(x).mul_(factor);

    public abstract void Dispose();

    private static (Tensor Weight, Tensor? Bias) Read(WeightSource source, ReadOnlySpan<string> names)
    {
        string[] weights = [.. names.ToArray().Select(name => $"{name}.weight")], biases = [.. names.ToArray().Select(name => $"{name}.bias").Where(source.Has)];
        return names is [_]
            ? (source.Read(weights[0]), biases.Length > 0 ? source.Read(biases[0]) : null)
            : (source.ReadStacked(weights), biases.Length > 0 ? source.ReadStacked(biases) : null);
    }
}
