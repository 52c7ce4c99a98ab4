using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Language;

/// <summary>Prefill of prompts behind their images: the image's keys and values are read where they lie, whatever the number of prompts.</summary>
internal sealed class TextPass : AttentionPass
{
    /// <summary>Most scores at a time: rows of a long prompt against a whole image are many.</summary>
    private const long MostScores = 1L << 24;

    private readonly KvTensors _kv;
    private readonly Tensor _scale;
    private readonly TextBatch _batch;
    private readonly List<Tensor> _masks;
    private readonly Tensor? _stored;
    private readonly Tensor? _places;

    /// <param name="kv">The cache.</param>
    /// <param name="batch">The pass's tokens.</param>
    /// <param name="placement">Where the model runs, and the type of the scores.</param>
    /// <remarks>Its tensors belong to the dispose scope it is made in.</remarks>
    public TextPass(KvTensors kv, TextBatch batch, Placement placement)
    {
        _kv = kv;
        _batch = batch;
        _scale = tensor(1 / Math.Sqrt(kv.Layers[0].TextKeys.size(2)), placement.Type, placement.Device);
        _masks = [.. batch.Groups.Select(group => tensor(group.Mask(), [group.Count, 1, group.Count], device: placement.Device).to(placement.Type))];
        if (batch.Stored.Count > 0)
        {
            _stored = tensor(batch.Stored.ToArray(), device: placement.Device);
            _places = tensor(batch.Places.ToArray(), device: placement.Device);
        }
    }

    public override Tensor Attend(int layer, Tensor queries, Tensor keys, Tensor values)
    {
        using DisposeScope scope = NewDisposeScope();
        LayerKv kv = _kv.Layers[layer];
        Tensor groupedKeys = keys.transpose(0, 1), groupedValues = values.transpose(0, 1); // [kv heads, tokens, head]
        if (_stored is not null && _places is not null)
        {
            kv.TextKeys.index_copy_(1, _places, groupedKeys.index_select(1, _stored));
            kv.TextValues.index_copy_(1, _places, groupedValues.index_select(1, _stored));
        }

        long kvHeads = keys.size(1), group = queries.size(1) / kvHeads, width = queries.size(2), image = kv.ImageKeys.size(2);
        Tensor scaled = queries.mul(_scale).view(-1, kvHeads, group, width);
        List<Tensor> mixed = [];
        for (int i = 0; i < _batch.Groups.Count; i++)
        {
            ImageGroup part = _batch.Groups[i];
            var seen = new LayerKv(
                kv.ImageKeys[part.Slot], kv.ImageValues[part.Slot], groupedKeys.narrow(1, part.First, part.Count), groupedValues.narrow(1, part.First, part.Count));
            int rows = (int)Math.Clamp(MostScores / (kvHeads * group * (image + part.Count)), 1, part.Count);
            for (int first = 0; first < part.Count; first += rows)
            {
                int count = Math.Min(rows, part.Count - first);
                mixed.Add(Attend(scaled.narrow(0, part.First + first, count), seen, _masks[i].narrow(0, first, count)));
            }
        }

        return cat(mixed).MoveToOuterDisposeScope();
    }

    /// <param name="queries">Scaled, <c>[rows, kv heads, group, head]</c>.</param>
    /// <param name="seen">Of one image, <c>[kv heads, image positions, head]</c>, and of its tokens, <c>[kv heads, tokens, head]</c>.</param>
    /// <param name="mask"><c>[rows, 1, tokens]</c></param>
    /// <returns><c>[rows, heads · head]</c></returns>
    private static Tensor Attend(Tensor queries, LayerKv seen, Tensor mask)
    {
        using DisposeScope scope = NewDisposeScope();
        long rows = queries.size(0), kvHeads = queries.size(1), group = queries.size(2), width = queries.size(3);
        long image = seen.ImageKeys.size(1), tokens = seen.TextKeys.size(1);
        Tensor folded = queries.transpose(0, 1).reshape(kvHeads, rows * group, width);
        Tensor scores = empty([kvHeads, rows * group, image + tokens], folded.dtype, folded.device);
        Products(scores.narrow(2, 0, image), folded, seen.ImageKeys, keep: 0);
        Products(scores.narrow(2, image, tokens), folded, seen.TextKeys, keep: 0);
        scores.narrow(2, image, tokens).view(kvHeads, rows, group, tokens).add_(mask);
        Tensor weights = scores.softmax(-1);
        Tensor mixed = weights.narrow(2, 0, image).bmm(seen.ImageValues); // [kv heads, rows · group, head]
        Products(mixed, weights.narrow(2, image, tokens), seen.TextValues.transpose(1, 2), keep: 1);
        return mixed.view(kvHeads, rows, group, width).transpose(0, 1).reshape(rows, kvHeads * group * width).MoveToOuterDisposeScope();
    }

    /// <summary>target ← keep · target + a·bᵀ, batch by batch: a product of libtorch writes into a part of a tensor only by itself.</summary>
    private static void Products(Tensor target, Tensor a, Tensor b, float keep)
    {
        for (long i = 0; i < target.size(0); i++)
        {
            target[i].addmm_(a[i], b[i].t(), beta: keep, alpha: 1);
        }
    }
}
