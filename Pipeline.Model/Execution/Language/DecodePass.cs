using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Language;

/// <summary>One more token of every sequence: products over consecutive slots read the images' keys and values where they lie, the few text blocks are gathered.</summary>
internal sealed class DecodePass : AttentionPass
{
    private readonly KvTensors _kv;
    private readonly Tensor _scale;
    private readonly Tensor _places;
    private readonly List<Run> _runs;

    /// <param name="kv">The cache.</param>
    /// <param name="batch">How the sequences lie.</param>
    /// <param name="sequences">In the order they were given to <paramref name="batch"/>.</param>
    /// <param name="type">Element type of the scores.</param>
    /// <param name="device">Where the model runs.</param>
    /// <remarks>Its tensors belong to the dispose scope it is made in.</remarks>
    public DecodePass(KvTensors kv, DecodeBatch batch, IReadOnlyList<DecodeWork> sequences, ScalarType type, Device device)
    {
        _kv = kv;
        _scale = tensor(1 / Math.Sqrt(kv.Layers[0].TextKeys.size(2)), type, device);
        long kvHeads = kv.Layers[0].TextKeys.size(0), positions = kv.Layers[0].TextKeys.size(1), blocks = positions / KvLayout.BlockSize;
        DecodeWork[] ordered = [.. batch.Order.Select(i => sequences[i])];
        _places = tensor(ordered.SelectMany(one => OfHeads(KvLayout.PlaceOf(one.Blocks, one.Length), positions)).ToArray(), device: device);
        _runs = [.. batch.Runs.Select(run => new Run(run, Gather(run), Mask(run)))];

        IEnumerable<long> OfHeads(long place, long stride) => Enumerable.Range(0, (int)kvHeads).Select(head => (head * stride) + place);

        Tensor Gather(DecodeRun run) => tensor(
            ordered.Skip(run.First).Take(run.Count).SelectMany(one => Enumerable.Range(0, (int)kvHeads)
                .SelectMany(head => Enumerable.Range(0, run.Blocks).Select(block => (head * blocks) + one.Blocks[Math.Min(block, one.Blocks.Count - 1)]))).ToArray(),
            device: device);

        Tensor Mask(DecodeRun run)
        {
            int columns = run.Blocks * KvLayout.BlockSize;
            float[] mask = new float[run.Count * columns];
            for (int row = 0; row < run.Count; row++)
            {
                mask.AsSpan((row * columns) + ordered[run.First + row].Length + 1, columns - ordered[run.First + row].Length - 1).Fill(float.NegativeInfinity);
            }

            return tensor(mask, [run.Count, 1, 1, columns], device: device).to(type);
        }
    }

    public override Tensor Attend(int layer, Tensor queries, Tensor keys, Tensor values)
    {
        using DisposeScope scope = NewDisposeScope();
        LayerKv kv = _kv.Layers[layer];
        long width = queries.size(2), kvHeads = keys.size(1);
        kv.TextKeys.view(-1, width).index_copy_(0, _places, keys.reshape(-1, width));
        kv.TextValues.view(-1, width).index_copy_(0, _places, values.reshape(-1, width));
        Tensor scaled = queries.mul(_scale).view(queries.size(0), kvHeads, -1, width);
        List<Tensor> mixed = [.. _runs.Select(run => Attend(kv, run, scaled.narrow(0, run.Shape.First, run.Shape.Count)))];
        return (mixed.Count == 1 ? mixed[0] : cat(mixed)).MoveToOuterDisposeScope();
    }

    /// <param name="kv">The layer's.</param>
    /// <param name="run">Which sequences.</param>
    /// <param name="queries">Scaled, <c>[sequences, kv heads, group, head]</c>.</param>
    /// <returns><c>[sequences, heads · head]</c></returns>
    private static Tensor Attend(LayerKv kv, Run run, Tensor queries)
    {
        using DisposeScope scope = NewDisposeScope();
        long count = run.Shape.Count, slots = run.Shape.Slots, each = run.Shape.PerSlot, kvHeads = queries.size(1), group = queries.size(2), width = queries.size(3);
        long columns = (long)run.Shape.Blocks * KvLayout.BlockSize, positions = kv.ImageKeys.size(2);
        Tensor imageKeys = kv.ImageKeys.narrow(0, run.Shape.FirstSlot, slots).view(-1, positions, width); // [slots · kv heads, image positions, head]
        Tensor imageValues = kv.ImageValues.narrow(0, run.Shape.FirstSlot, slots).view(-1, positions, width);
        Tensor textKeys = kv.TextKeys.view(-1, KvLayout.BlockSize * width).index_select(0, run.Gather).view(count * kvHeads, columns, width);
        Tensor textValues = kv.TextValues.view(-1, KvLayout.BlockSize * width).index_select(0, run.Gather).view(count * kvHeads, columns, width);

        // The image's part has the sequences of a slot as rows of one product, the text's part a product for each sequence.
        Tensor imageScores = BySlot(queries).bmm(imageKeys.transpose(1, 2)); // [slots · kv heads, each · group, image positions]
        Tensor textScores = queries.reshape(count * kvHeads, group, width).bmm(textKeys.transpose(1, 2)).view(count, kvHeads, group, columns).add_(run.Mask);
        Tensor weights = cat([imageScores, BySlot(textScores)], -1).softmax(-1);
        Tensor image = BySequence(weights.narrow(2, 0, positions).bmm(imageValues));
        Tensor text = BySequence(weights.narrow(2, positions, columns)).reshape(count * kvHeads, group, columns).bmm(textValues).view(count, kvHeads, group, width);
        return text.add_(image).view(count, -1).MoveToOuterDisposeScope();

        // [sequences, kv heads, group, n] to [slots · kv heads, each · group, n], and back
        Tensor BySlot(Tensor x) => x.reshape(slots, each, kvHeads, group, -1).transpose(1, 2).reshape(slots * kvHeads, each * group, -1);
        Tensor BySequence(Tensor x) => x.reshape(slots, kvHeads, each, group, -1).transpose(1, 2).reshape(count, kvHeads, group, -1);
    }

    private sealed record Run(DecodeRun Shape, Tensor Gather, Tensor Mask);
}
