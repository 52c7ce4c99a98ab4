using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Native;

/// <summary>libtorch's fused attention with what TorchSharp's binding leaves out: the log-sum-exp of each query's scores, by which attention over parts of the keys is joined.</summary>
internal static class AttentionKernels
{
    /// <param name="queries"><c>[batch, heads, queries, head]</c>; scaled by 1/√head here.</param>
    /// <param name="keys"><c>[batch, heads, keys, head]</c>, the last dimension contiguous.</param>
    /// <param name="values">As the keys.</param>
    /// <param name="mask">Null, or what is added to the scores, of the queries' type: broadcastable to <c>[batch, heads, queries, keys]</c>; on a graphics card the keys are a multiple of 16.</param>
    /// <returns>Mixed values of the queries' shape and type; float32 <c>[batch, heads, queries]</c>.</returns>
    public static (Tensor Mixed, Tensor LogSumExp) Attend(Tensor queries, Tensor keys, Tensor values, Tensor? mask)
    {
        if (queries.device_type == DeviceType.CPU)
        {
            return Pair(Aten.Call(
                "aten::_scaled_dot_product_flash_attention_for_cpu", "", results: 2, wanted: 2, unwanted: [],
                queries, keys, values, 0.0, false, AtenArgument.Optional(mask), AtenArgument.None));
        }

        // The flash kernel takes no mask, and no float32.
        if (mask is null && queries.dtype is ScalarType.BFloat16 or ScalarType.Float16)
        {
            return Pair(Aten.Call(
                "aten::_scaled_dot_product_flash_attention", "", results: 9, wanted: 2, unwanted: [2, 3, 6, 7, 8],
                queries, keys, values, 0.0, false, false, AtenArgument.None));
        }

        using Tensor? spread = mask?.expand(queries.size(0), queries.size(1), queries.size(2), keys.size(2));
        var (mixed, padded) = Pair(Aten.Call(
            "aten::_scaled_dot_product_efficient_attention", "", results: 4, wanted: 2, unwanted: [2, 3],
            queries, keys, values, AtenArgument.Optional(spread), true, 0.0, false, AtenArgument.None));
        return (mixed, padded.narrow(2, 0, queries.size(2))); // this kernel rounds the number of queries up
    }

    private static (Tensor, Tensor) Pair(Tensor[] results) => (results[0], results[1]);
}
