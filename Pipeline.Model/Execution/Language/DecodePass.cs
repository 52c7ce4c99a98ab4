using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Language;

/// <summary>More tokens of every sequence, one after the other: attention over consecutive slots reads the images' keys and values where they lie, the few text blocks are gathered.</summary>
internal sealed class DecodePass : AttentionPass
{
    private readonly KvTensors _kv;
    private readonly bool _inParts;
    private readonly List<DecodeRunTensors> _runs;
    private readonly Tensor[] _places;
    private Tensor _place;

    /// <param name="kv">The cache.</param>
    /// <param name="batch">How the sequences lie.</param>
    /// <param name="sequences">In the order they were given to <paramref name="batch"/>.</param>
    /// <param name="tokens">That each of them gets.</param>
    /// <param name="placement">Where the model runs, and the type of the scores.</param>
    /// <remarks>Its tensors belong to the dispose scope it is made in. All that comes from the host is on the device before the first token is run.</remarks>
    public DecodePass(KvTensors kv, DecodeBatch batch, IReadOnlyList<DecodeWork> sequences, int tokens, Placement placement)
    {
        _kv = kv;
        _inParts = placement.UsesDeviceKernels;
        int kvHeads = (int)kv.Layers[0].TextKeys.size(0);
        long positions = kv.Layers[0].TextKeys.size(1);
        DecodeWork[] ordered = [.. batch.Order.Select(i => sequences[i])];
        _places = [.. Enumerable.Range(0, tokens).Select(token => Upload.Of(ordered.SelectMany(one => OfHeads(KvLayout.PlaceOf(one.Blocks, one.Length + token))), placement))];
        _place = _places[0];
        _runs = [.. batch.Runs.Select(run => new DecodeRunTensors(run, ordered.AsSpan(run.First, run.Count), tokens, kvHeads, positions / KvLayout.BlockSize, placement))];

        IEnumerable<long> OfHeads(long place) => Enumerable.Range(0, kvHeads).Select(head => (head * positions) + place);
    }

    /// <summary>Turns to the next token of all sequences.</summary>
    /// <param name="token">Counted from 0, below the number it was made for.</param>
    public void Begin(int token)
    {
        _place = _places[token];
        _runs.ForEach(run => run.Begin(token));
    }

    public override Tensor Attend(int layer, Tensor queries, Tensor keys, Tensor values)
    {
        using DisposeScope scope = NewDisposeScope();
        LayerKv kv = _kv.Layers[layer];
        long width = queries.size(2), kvHeads = keys.size(1);
        kv.TextKeys.view(-1, width).index_copy_(0, _place, keys.reshape(-1, width));
        kv.TextValues.view(-1, width).index_copy_(0, _place, values.reshape(-1, width));
        Tensor folded = queries.reshape(queries.size(0), kvHeads, -1, width);
        List<Tensor> mixed = [.. _runs.Select(run =>
        {
            Tensor own = folded.narrow(0, run.Shape.First, run.Shape.Count);
            return _inParts ? DecodeAttention.InParts(kv, run, own) : DecodeAttention.Whole(kv, run, own);
        })];
        return (mixed.Count == 1 ? mixed[0] : cat(mixed)).MoveToOuterDisposeScope();
    }
}
