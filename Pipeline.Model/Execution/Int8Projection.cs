using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>A linear layer whose weights are whole numbers from −127 to 127, and a scale for each output: half the memory of bfloat16, a quarter of float32's.</summary>
/// <remarks>
/// y = (x·Qᵀ)·scale. Few rows on a CPU: libtorch's own kernel, which reads the bytes as they are. Otherwise the bytes are widened for the product, layer by
/// layer: whole numbers up to 127 are exact in every type, so that nothing is lost but what rounding the weights lost.
/// </remarks>
internal sealed class Int8Projection : Projection
{
    /// <summary>Rows from which widening the weights once is cheaper than reading them as bytes for every few rows.</summary>
    private const long ManyRows = 64;

    private const float Largest = 127;

    private readonly Tensor _weight; // int8 [output, input]
    private readonly Tensor _scale; // float32 [output]: in bfloat16 it would be a rounding of all of an output's weights
    private readonly Tensor? _bias;

    /// <param name="weight"><c>[output, input]</c>; owned from now on.</param>
    /// <param name="bias"><c>[output]</c> or null; owned from now on.</param>
    public Int8Projection(Tensor weight, Tensor? bias)
    {
        using (weight)
        using (DisposeScope scope = NewDisposeScope())
        {
            Tensor wide = weight.to(ScalarType.Float32);
            Tensor scale = wide.abs().amax([1], keepdim: true).div_(Largest).clamp_min_(float.Epsilon); // [output, 1]; a row of zeros has any scale
            _weight = wide.div(scale).round_().to(ScalarType.Int8).DetachFromDisposeScope();
            _scale = scale.squeeze(1).DetachFromDisposeScope();
        }

        _bias = bias?.DetachFromDisposeScope();
    }

    public override Tensor Forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor y = x.device_type == DeviceType.CPU && x.dtype == ScalarType.Float32 && x.size(0) < ManyRows
            ? Aten.Call("aten::_weight_int8pack_mm", x.contiguous(), _weight, _scale)
            : x.mm(_weight.to(x.dtype).t()).mul_(_scale);
        return (_bias is null ? y : y.add_(_bias)).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        _weight.Dispose();
        _scale.Dispose();
        _bias?.Dispose();
    }
}
