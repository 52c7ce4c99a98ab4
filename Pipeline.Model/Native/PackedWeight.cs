using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Native;

/// <summary>A linear layer's float32 weight in the order that oneDNN's products on a CPU read it, and those products with what follows fused in.</summary>
/// <remarks>libtorch's own operators for compiled graphs (<c>mkldnn::_linear_pointwise</c>), reached through its C ABI because TorchSharp binds none of them.</remarks>
internal sealed unsafe partial class PackedWeight : IDisposable
{
    /// <summary>Packing asks for a number of rows; one packing serves all, and this one was among the fastest for 1 to 2,308 rows.</summary>
    private const int Rows = 2_048;

    /// <summary>Rows of the sample on which a packed weight must compute what the weight as stored does.</summary>
    private const int SampleRows = 9;

    private readonly Tensor _packed;
    private readonly Tensor? _bias;

    /// <summary>Packs a weight, if what comes out is right.</summary>
    /// <remarks>
    /// libtorch 2.10's oneDNN computes the last columns wrongly on AMD's Zen 5 (family 26) wherever the outputs are not a multiple of 64: silently, and by as much as the values
    /// themselves. So no packing is trusted before it has been seen to compute what the ordinary product does.
    /// </remarks>
    /// <param name="weight">float32 <c>[output, input]</c> on the CPU; borrowed: packing copies it.</param>
    /// <param name="bias"><c>[output]</c> or null; taken over where the result is not null.</param>
    /// <returns>Null where the packed product is wrong on this processor.</returns>
    /// <exception cref="InvalidOperationException">This libtorch can't pack it.</exception>
    public static PackedWeight? TryPack(Tensor weight, Tensor? bias)
    {
        var packed = new PackedWeight(weight, bias);
        if (!packed.ComputesAs(weight))
        {
            packed._packed.Dispose();
            return null;
        }

        bias?.DetachFromDisposeScope();
        return packed;
    }

    private PackedWeight(Tensor weight, Tensor? bias)
    {
        using Tensor whole = weight.contiguous();
        _packed = Aten.Call("mkldnn::_reorder_linear_weight", whole, AtenArgument.Optional((long)Rows)).DetachFromDisposeScope();
        _bias = bias;
    }

    /// <summary>By the largest difference of a sample, against the largest value: rounding is a thousand times less, a wrong kernel a thousand times more.</summary>
    internal bool ComputesAs(Tensor weight)
    {
        const double Tolerance = 1e-3;
        using DisposeScope scope = NewDisposeScope();
        Tensor sample = arange(SampleRows * weight.size(1), ScalarType.Float32).sin_().view(SampleRows, -1);
        Tensor expected = nn.functional.linear(sample, weight, _bias);
        double difference = Forward(sample, "none").sub_(expected).abs_().max().item<float>();
        return difference <= Tolerance * expected.abs_().max().item<float>();
    }

    /// <summary>x·Wᵀ + b, then an activation.</summary>
    /// <param name="x"><c>[rows, input]</c></param>
    /// <param name="activation">"none", "swish" (silu) or "gelu" (the exact one).</param>
    /// <returns><c>[rows, output]</c></returns>
    public Tensor Forward(Tensor x, string activation)
    {
        nint result;
        nint bias = _bias?.Handle ?? 0;
        fixed (byte* exact = "none"u8)
        {
            byte* algorithm = exact;
            Check(Linear(x.Handle, _packed.Handle, bias == 0 ? null : &bias, activation, null, 0, activation == "gelu" ? &algorithm : null, &result));
        }

        return Tensor.UnsafeCreateTensor(result);
    }

    /// <summary>x·Wᵀ + b, combined with another tensor.</summary>
    /// <param name="x"><c>[rows, input]</c></param>
    /// <param name="other"><c>[rows, output]</c></param>
    /// <param name="operation">"add" or "mul".</param>
    /// <returns><c>[rows, output]</c></returns>
    public Tensor Forward(Tensor x, Tensor other, string operation)
    {
        nint result;
        nint bias = _bias?.Handle ?? 0;
        Check(LinearBinary(x.Handle, other.Handle, _packed.Handle, bias == 0 ? null : &bias, operation, &result));
        return Tensor.UnsafeCreateTensor(result);
    }

    public void Dispose()
    {
        _packed.Dispose();
        _bias?.Dispose();
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException("libtorch failed in a oneDNN linear layer; its reason is in the process's standard error.");
        }
    }

    /// <summary>torch/csrc/inductor/aoti_torch/c/shim_cpu.h</summary>
    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_cpu__linear_pointwise", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Linear(nint x, nint weight, nint* bias, string attribute, nint* scalars, long scalarCount, byte** algorithm, nint* result);

    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_cpu__linear_pointwise_binary", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinearBinary(nint x, nint other, nint weight, nint* bias, string attribute, nint* result);
}
