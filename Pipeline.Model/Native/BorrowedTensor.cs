using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Pipeline.Model.Native;

/// <summary>Tensors over memory that somebody else owns, through libtorch's stable C ABI, since TorchSharp has no <c>from_blob</c>.</summary>
internal static unsafe partial class BorrowedTensor
{
    /// <summary>A CPU tensor over <paramref name="data"/>, without a copy.</summary>
    /// <param name="data">Must stay valid for as long as the tensor or a view of it is used.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="strides">In elements, one for each size.</param>
    /// <param name="type">Element type; its number is the same in TorchSharp and in libtorch.</param>
    public static Tensor Over(byte* data, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, ScalarType type)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(strides.Length, shape.Length);
        nint handle = 0;
        int error;
        fixed (long* sizes = shape, steps = strides)
        {
            error = Create(data, shape.Length, sizes, steps, 0, (int)type, DeviceCpu, 0, &handle, LayoutStrided, null, 0);
        }

        return error == 0
            ? Tensor.UnsafeCreateTensor(handle)
            : throw new InvalidOperationException($"libtorch made no tensor of shape [{string.Join(", ", shape.ToArray())}] and type {type}.");
    }

    private const int DeviceCpu = 0;
    private const int LayoutStrided = 0;

    /// <summary>torch/csrc/inductor/aoti_torch/c/shim.h</summary>
    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_create_tensor_from_blob_v2")]
    private static partial int Create(
        byte* data, long dimensions, long* sizes, long* strides, long storageOffset, int type, int deviceType, int deviceIndex, nint* handle,
        int layout, byte* opaqueMetadata, long opaqueMetadataSize);
}
