using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Language;

/// <summary>Prefill of images' positions: causal within each image, keys and values go into its slot.</summary>
/// <param name="kv">The cache.</param>
/// <param name="slots">One an image; the pass's tokens are theirs, one image after the other.</param>
internal sealed class ImagePass(KvTensors kv, IReadOnlyList<int> slots) : AttentionPass
{
    public override Tensor Attend(int layer, Tensor queries, Tensor keys, Tensor values)
    {
        using DisposeScope scope = NewDisposeScope();
        long positions = queries.size(0) / slots.Count;
        List<Tensor> mixed = [.. slots.Select((slot, i) => One(kv.Layers[layer], slot, Part(queries, i), Part(keys, i), Part(values, i)))];
        return (mixed.Count == 1 ? mixed[0] : cat(mixed)).MoveToOuterDisposeScope();

        Tensor Part(Tensor x, int i) => x.narrow(0, i * positions, positions);
    }

    private static Tensor One(LayerKv layer, int slot, Tensor queries, Tensor keys, Tensor values)
    {
        Tensor slotKeys = layer.ImageKeys[slot].copy_(keys.transpose(0, 1)), slotValues = layer.ImageValues[slot].copy_(values.transpose(0, 1)); // [kv heads, positions, head]
        long positions = queries.size(0), heads = queries.size(1), kvHeads = slotKeys.size(0), group = heads / kvHeads, width = queries.size(2);

        // KV heads as the batch and the query heads of each as its heads: keys and values are read without repeating them.
        Tensor folded = queries.view(positions, kvHeads, group, width).permute(1, 2, 0, 3); // [kv heads, group, positions, head]
        Tensor mixed = nn.functional.scaled_dot_product_attention(
            folded, slotKeys.unsqueeze(1).expand(-1, group, -1, -1), slotValues.unsqueeze(1).expand(-1, group, -1, -1), is_casual: true);
        return mixed.permute(2, 0, 1, 3).reshape(positions, heads * width);
    }
}
