namespace Pipeline.Model.Native;

/// <summary>What this program asks of a libtorch.</summary>
internal static class TorchAbi
{
    /// <summary>The libtorch that TorchSharp's bindings were built for: major and minor version.</summary>
    public const string Version = "2.10";

    /// <summary>Functions of libtorch's C ABI that this project's own P/Invokes name.</summary>
    public static IReadOnlyList<string> Functions { get; } =
    [
        "aoti_torch_call_dispatcher",
        "aoti_torch_cpu__linear_pointwise",
        "aoti_torch_cpu__linear_pointwise_binary",
        "aoti_torch_create_tensor_from_blob_v2",
        "aoti_torch_delete_tensor_object",
        "aoti_torch_empty_strided_pinned",
        "aoti_torch_new_tensor_handle",
        "torch_list_push_back",
        "torch_new_list_reserve_size",
    ];
}
