using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>A linear layer whose weights are 0 to 15, with a scale and a start for each group of inputs of an output: a quarter of bfloat16's memory, on libtorch's own kernels.</summary>
/// <remarks>
/// w = (q − 8) · scale + middle. libtorch's kernels are made for few rows: decode gains, the prefill of an image loses. On a graphics card they take bfloat16 alone.
/// </remarks>
internal sealed class Int4Projection : Projection
{
    private const float Levels = 15, Middle = 8;

    /// <summary>A parameter of the packed order; the kernels take any of 2, 4 and 8 that divides the inputs.</summary>
    private const long InnerTiles = 2;

    /// <summary>Inputs that share a scale: as many as the kernels know, the most accurate that has little overhead first.</summary>
    private static readonly long[] s_groups = [64, 32];

    private readonly Tensor _packed;
    private readonly Tensor _scaleAndMiddle; // [groups, output, 2]
    private readonly Tensor? _bias;
    private readonly long _group;
    private readonly bool _onCpu;

    /// <param name="weight"><c>[output, input]</c>; owned from now on.</param>
    /// <param name="bias"><c>[output]</c> or null; owned from now on.</param>
    /// <exception cref="ArgumentException">The kernels don't take these sizes; see <see cref="Takes"/>.</exception>
    public Int4Projection(Tensor weight, Tensor? bias)
    {
        if (!Takes(weight))
        {
            throw new ArgumentException($"A weight of {weight.size(0)} × {weight.size(1)} can't be held in 4 bits.", nameof(weight));
        }

        using (weight)
        using (DisposeScope scope = NewDisposeScope())
        {
            _onCpu = weight.device_type == DeviceType.CPU;
            _group = s_groups.First(group => weight.size(1) % group == 0);
            Tensor groups = weight.to(ScalarType.Float32).view(weight.size(0), -1, _group); // [output, groups, group]
            Tensor low = groups.amin([2], keepdim: true), high = groups.amax([2], keepdim: true);
            Tensor scale = high.sub(low).div_(Levels).clamp_min_(1e-8f);
            Tensor levels = groups.sub(low).div_(scale).round_().clamp_(0, Levels).view(weight.size(0), -1).to(ScalarType.Int32);
            Tensor middle = low.add(scale.mul(Middle));
            _scaleAndMiddle = cat([scale, middle], -1).transpose(0, 1).contiguous().to(weight.dtype).DetachFromDisposeScope(); // [groups, output, 2]
            _packed = Pack(levels).DetachFromDisposeScope();
        }

        _bias = bias?.DetachFromDisposeScope();
    }

    /// <param name="weight"><c>[output, input]</c></param>
    public static bool Takes(Tensor weight) => weight.size(0) % 16 == 0 && weight.size(1) % s_groups[^1] == 0;

    public override Tensor Forward(Tensor x)
    {
        Tensor y = Aten.Call(_onCpu ? "aten::_weight_int4pack_mm_for_cpu" : "aten::_weight_int4pack_mm", x.contiguous(), _packed, _group, _scaleAndMiddle);
        return _bias is null ? y : y.add_(_bias);
    }

    public override void Dispose()
    {
        _packed.Dispose();
        _scaleAndMiddle.Dispose();
        _bias?.Dispose();
    }

    /// <summary>A card's kernel takes two levels a byte, the even input's in the upper half; the CPU's packs whole numbers itself.</summary>
    private Tensor Pack(Tensor levels)
    {
        if (_onCpu)
        {
            return Aten.Call("aten::_convert_weight_to_int4pack_for_cpu", levels, InnerTiles);
        }

        Tensor pairs = levels.view(levels.size(0), -1, 2);
        Tensor bytes = pairs.select(2, 0).mul(16).add(pairs.select(2, 1)).to(ScalarType.Byte);
        return Aten.Call("aten::_convert_weight_to_int4pack", bytes, InnerTiles);
    }
}
