using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Language;

/// <summary>Attention of one new token of each sequence of a run: over its image, whose other sequences are rows of the same product, and over its own text.</summary>
internal static class DecodeAttention
{
    /// <summary>All scores beside each other and one softmax: what a CPU does best.</summary>
    /// <param name="kv">The layer's.</param>
    /// <param name="run">Which sequences.</param>
    /// <param name="queries"><c>[sequences, kv heads, group, head]</c></param>
    /// <returns><c>[sequences, heads · head]</c></returns>
    public static Tensor Whole(LayerKv kv, DecodeRunTensors run, Tensor queries)
    {
        using DisposeScope scope = NewDisposeScope();
        var by = new Rows(run.Shape, queries);
        long positions = kv.ImageKeys.size(2), columns = by.Columns, pairs = by.Count * by.KvHeads;
        using Scalar scale = (1 / Math.Sqrt(by.Width)).ToScalar();
        Tensor scaled = queries.mul(scale);
        Tensor imageKeys = kv.ImageKeys.narrow(0, run.Shape.FirstSlot, by.Slots).view(-1, positions, by.Width); // [slots · kv heads, image positions, head]
        Tensor imageValues = kv.ImageValues.narrow(0, run.Shape.FirstSlot, by.Slots).view(-1, positions, by.Width);
        Tensor textKeys = Text(kv.TextKeys, run, by).view(pairs, columns, by.Width), textValues = Text(kv.TextValues, run, by).view(pairs, columns, by.Width);

        // The image's part has the sequences of a slot as rows of one product, the text's part a product for each sequence.
        Tensor imageScores = by.Slot(scaled).view(by.Slots * by.KvHeads, -1, by.Width).bmm(imageKeys.transpose(1, 2)); // [slots · kv heads, each · group, image positions]
        Tensor textScores = scaled.reshape(pairs, by.Group, by.Width).bmm(textKeys.transpose(1, 2)).view(by.Count, by.KvHeads, by.Group, columns).add_(run.Mask);
        Tensor weights = cat([imageScores, by.Slot(textScores).view(by.Slots * by.KvHeads, -1, columns)], -1).softmax(-1);
        Tensor image = by.Sequence(weights.narrow(2, 0, positions).bmm(imageValues));
        Tensor text = by.Sequence(weights.narrow(2, positions, columns)).reshape(pairs, by.Group, columns).bmm(textValues).view(by.Count, by.KvHeads, by.Group, by.Width);
        return text.add_(image).view(by.Count, -1).MoveToOuterDisposeScope();
    }

    /// <summary>Two fused kernels, joined by their log-sum-exps: scores stay on the chip, in float32.</summary>
    /// <inheritdoc cref="Whole"/>
    public static Tensor InParts(LayerKv kv, DecodeRunTensors run, Tensor queries)
    {
        using DisposeScope scope = NewDisposeScope();
        var by = new Rows(run.Shape, queries);
        AttentionPart image = AttentionPart.Over(
            by.Slot(queries), kv.ImageKeys.narrow(0, run.Shape.FirstSlot, by.Slots), kv.ImageValues.narrow(0, run.Shape.FirstSlot, by.Slots));
        long[] text = [by.Count, by.KvHeads, by.Columns, by.Width];
        AttentionPart own = AttentionPart.Over(queries, Text(kv.TextKeys, run, by).view(text), Text(kv.TextValues, run, by).view(text), run.Mask);
        var bySequence = new AttentionPart(by.Sequence(image.Mixed), by.Sequence(image.LogSumExp.unsqueeze(-1)).squeeze(-1));
        return bySequence.Join(own).reshape(by.Count, -1).MoveToOuterDisposeScope();
    }

    /// <summary>Blocks of the sequences, one after the other.</summary>
    private static Tensor Text(Tensor cache, DecodeRunTensors run, Rows by) => cache.view(-1, KvLayout.BlockSize * by.Width).index_select(0, run.Gather);

    /// <summary>Rows by sequence and by slot.</summary>
    private readonly struct Rows(DecodeRun run, Tensor queries)
    {
        public long Count { get; } = run.Count;

        public long Slots { get; } = run.Slots;

        public long KvHeads { get; } = queries.size(1);

        public long Group { get; } = queries.size(2);

        public long Width { get; } = queries.size(3);

        public long Columns { get; } = (long)run.Blocks * KvLayout.BlockSize;

        private long Each { get; } = run.PerSlot;

        /// <summary><c>[sequences, kv heads, group, n]</c> to <c>[slots, kv heads, each · group, n]</c></summary>
        public Tensor Slot(Tensor x) => x.reshape(Slots, Each, KvHeads, Group, -1).transpose(1, 2).reshape(Slots, KvHeads, Each * Group, -1);

        /// <summary><c>[slots, kv heads, each · group, n]</c>, or the first two in one, to <c>[sequences, kv heads, group, n]</c></summary>
        public Tensor Sequence(Tensor x) => x.reshape(Slots, KvHeads, Each, Group, -1).transpose(1, 2).reshape(Count, KvHeads, Group, -1);
    }
}
