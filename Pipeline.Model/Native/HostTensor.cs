using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Pipeline.Model.Native;

/// <summary>Memory of the host that a graphics card's copy engine reads by itself.</summary>
internal static unsafe partial class HostTensor
{
    private const int DeviceCpu = 0;

    /// <summary>An uninitialised CPU tensor in page-locked memory, from libtorch's cache of such memory: given back when the copies that read it have ended, however early it is disposed.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="type">Element type; its number is the same in TorchSharp and in libtorch.</param>
    /// <exception cref="InvalidOperationException">There is no card, or no memory.</exception>
    public static Tensor Pinned(ReadOnlySpan<long> shape, ScalarType type)
    {
        Span<long> strides = stackalloc long[shape.Length];
        long stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }

        nint handle;
        fixed (long* sizes = shape, steps = strides)
        {
            if (EmptyPinned(shape.Length, sizes, steps, (int)type, DeviceCpu, 0, &handle) != 0)
            {
                throw new InvalidOperationException("libtorch gave no page-locked memory; its reason is in the process's standard error.");
            }
        }

        return Tensor.UnsafeCreateTensor(handle);
    }

    /// <summary>torch/csrc/inductor/aoti_torch/c/shim.h</summary>
    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_empty_strided_pinned")]
    private static partial int EmptyPinned(long dimensions, long* sizes, long* strides, int type, int deviceType, int deviceIndex, nint* handle);
}
