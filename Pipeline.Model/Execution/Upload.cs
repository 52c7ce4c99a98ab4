using System.Runtime.InteropServices;
using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>Brings arrays of the host to where a model runs. To a graphics card from page-locked memory: the host goes on while the copy waits its turn behind the kernels before it.</summary>
internal static class Upload
{
    public static Tensor Of(IEnumerable<long> values, Placement placement) => Of<long>([.. values], ScalarType.Int64, placement);

    /// <param name="values">Row-major.</param>
    /// <param name="placement">Where to.</param>
    /// <param name="shape">Sizes.</param>
    /// <returns>float32</returns>
    public static Tensor Of(ReadOnlySpan<float> values, Placement placement, params ReadOnlySpan<long> shape) => Of(values, ScalarType.Float32, placement, shape);

    /// <summary>What is written by the caller.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="type">Element type.</param>
    /// <param name="placement">Where to.</param>
    /// <param name="fill">Writes all of its bytes, row-major.</param>
    public static Tensor Filled(ReadOnlySpan<long> shape, ScalarType type, Placement placement, FillBytes fill)
    {
        Tensor host = OnHost(shape, type, placement);
        fill(host.bytes);
        return Move(host, placement);
    }

    private static Tensor Of<T>(ReadOnlySpan<T> values, ScalarType type, Placement placement, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        Tensor host = OnHost(shape.Length == 0 ? [values.Length] : shape, type, placement);
        MemoryMarshal.AsBytes(values).CopyTo(host.bytes);
        return Move(host, placement);
    }

    private static bool IsApart(Placement placement) => placement.Device.type == DeviceType.CUDA;

    private static Tensor OnHost(ReadOnlySpan<long> shape, ScalarType type, Placement placement) => IsApart(placement) ? HostTensor.Pinned(shape, type) : empty(shape.ToArray(), type);

    private static Tensor Move(Tensor host, Placement placement) => IsApart(placement) ? host.to(placement.Device, disposeAfter: true, non_blocking: true) : host;
}

/// <summary>Writes a tensor's bytes.</summary>
internal delegate void FillBytes(Span<byte> bytes);
