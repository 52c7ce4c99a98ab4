using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Language;

/// <summary>What <see cref="TextPass"/> computes in as few calls as can be: prompts behind consecutive images are padded to one length and run together.</summary>
internal sealed class DeviceTextPass : AttentionPass
{
    private readonly KvTensors _kv;
    private readonly List<Run> _runs;
    private readonly Tensor _back;
    private readonly Tensor? _stored;
    private readonly Tensor? _places;

    /// <param name="kv">The cache.</param>
    /// <param name="batch">The pass's tokens.</param>
    /// <param name="placement">Where the model runs.</param>
    /// <remarks>Its tensors belong to the dispose scope it is made in.</remarks>
    public DeviceTextPass(KvTensors kv, TextBatch batch, Placement placement)
    {
        _kv = kv;
        long group = kv.QueriesPerKey;
        var layout = new TextRuns(batch.Groups);
        _runs = [.. layout.Runs.Select(run => new Run(run, Upload.Of(run.Rows, placement), MaskOf(run)))];
        _back = Upload.Of(layout.Places, placement);
        if (batch.Stored.Count > 0)
        {
            _stored = Upload.Of(batch.Stored, placement);
            _places = Upload.Of(batch.Places, placement);
        }

        // Rows of a key head are its tokens, each with all query heads that share it.
        Tensor MaskOf(TextRun run) => Upload.Of(run.Mask(), placement, run.Slots, 1, run.Width, 1, run.Width).to(placement.Type)
            .expand(-1, -1, -1, group, -1).reshape(run.Slots, 1, run.Width * group, run.Width);
    }

    public override Tensor Attend(int layer, Tensor queries, Tensor keys, Tensor values)
    {
        using DisposeScope scope = NewDisposeScope();
        LayerKv kv = _kv.Layers[layer];
        if (_stored is not null && _places is not null)
        {
            kv.TextKeys.index_copy_(1, _places, keys.transpose(0, 1).index_select(1, _stored));
            kv.TextValues.index_copy_(1, _places, values.transpose(0, 1).index_select(1, _stored));
        }

        List<Tensor> mixed = [.. _runs.Select(run => Attend(kv, run, queries, keys, values))];
        return (mixed.Count == 1 ? mixed[0] : cat(mixed)).index_select(0, _back).MoveToOuterDisposeScope();
    }

    /// <returns><c>[slots · width, heads · head]</c>, padding included</returns>
    private static Tensor Attend(LayerKv kv, Run run, Tensor queries, Tensor keys, Tensor values)
    {
        using DisposeScope scope = NewDisposeScope();
        long slots = run.Shape.Slots, width = run.Shape.Width, kvHeads = keys.size(1), group = queries.size(1) / kvHeads, head = keys.size(2);
        Tensor own = queries.index_select(0, run.Rows).view(slots, width, kvHeads, group, head).transpose(1, 2).reshape(slots, kvHeads, width * group, head);
        AttentionPart image = AttentionPart.Over(own, kv.ImageKeys.narrow(0, run.Shape.FirstSlot, slots), kv.ImageValues.narrow(0, run.Shape.FirstSlot, slots));
        AttentionPart text = AttentionPart.Over(own, Padded(keys), Padded(values), run.Mask);
        return image.Join(text).view(slots, kvHeads, width, group, head).transpose(1, 2).reshape(slots * width, kvHeads * group * head).MoveToOuterDisposeScope();

        Tensor Padded(Tensor x) => x.index_select(0, run.Rows).view(slots, width, kvHeads, head).transpose(1, 2).contiguous();
    }

    private sealed record Run(TextRun Shape, Tensor Rows, Tensor Mask);
}
