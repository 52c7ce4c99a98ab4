using Pipeline.Model.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>What <see cref="TokenDraw"/> does, for many rows at once where their logits are: temperature, min_p, top_k, top_p, draw.</summary>
/// <remarks>A row's token depends on its own logits, parameters, seed and position alone; only rows that cut by rank are sorted.</remarks>
internal sealed class DeviceDraw
{
    /// <summary>Below, a token's share is no normal 32-bit number beside the likeliest.</summary>
    private const double Least = -87;

    private readonly HashSet<int> _rows;
    private readonly List<Part> _parts = [];

    /// <param name="rows">At least one.</param>
    /// <param name="tokens">That each row gets.</param>
    /// <param name="device">Where the logits are.</param>
    /// <remarks>Its tensors belong to the dispose scope it is made in.</remarks>
    public DeviceDraw(IReadOnlyList<DrawnRow> rows, int tokens, Device device)
    {
        _rows = [.. rows.Select(row => row.Row)];
        Rows = tensor(rows.Select(row => (long)row.Row).ToArray(), device: device);
        foreach (IGrouping<bool, int> group in Enumerable.Range(0, rows.Count).GroupBy(i => rows[i].Sampling is { TopK: > 0 } or { TopP: < 1 }))
        {
            DrawnRow[] own = [.. group.Select(i => rows[i])];
            _parts.Add(new Part
            {
                IsRanked = group.Key,
                Places = tensor(group.Select(i => (long)i).ToArray(), device: device),
                Temperature = Column(own, row => row.Sampling.Temperature),
                Lowest = Column(own, row => Math.Max(Least, Math.Log(row.Sampling.MinP))),
                TopK = Column(own, row => row.Sampling.TopK is > 0 and var most ? most : double.PositiveInfinity),
                TopP = Column(own, row => row.Sampling.TopP),
                Uniform = [.. Enumerable.Range(0, tokens).Select(token => Column(own, row => SeededUniform.At(row.Sampling.Seed, row.Generated + token)))],
            });
        }

        Tensor Column(DrawnRow[] of, Func<DrawnRow, double> value) => tensor(of.Select(value).ToArray(), [of.Length, 1], device: device);
    }

    /// <summary>int64 <c>[rows drawn]</c>: which of the step's rows.</summary>
    public Tensor Rows { get; }

    public bool Has(int row) => _rows.Contains(row);

    /// <param name="logits">float32 <c>[rows drawn, vocabulary]</c></param>
    /// <param name="token">Counted from 0.</param>
    /// <returns>int64 <c>[rows drawn]</c></returns>
    public Tensor From(Tensor logits, int token)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor ids = zeros([logits.size(0)], ScalarType.Int64, logits.device);
        foreach (Part part in _parts)
        {
            Tensor own = logits.index_select(0, part.Places);
            Tensor scaled = own.sub(own.amax([1], keepdim: true)).div_(part.Temperature.to(ScalarType.Float32));
            ids.index_copy_(0, part.Places, part.IsRanked ? Ranked(scaled, part, part.Uniform[token]) : ByWeight(Weights(scaled, part), part.Uniform[token]));
        }

        return ids.MoveToOuterDisposeScope();
    }

    /// <summary>Only the likeliest: those before the k-th, and those before which there is not yet enough weight.</summary>
    private static Tensor Ranked(Tensor scaled, Part part, Tensor uniform)
    {
        (Tensor sorted, Tensor order) = Aten(scaled);
        Tensor rank = arange(sorted.size(1), ScalarType.Float64, sorted.device);
        Tensor weights = Weights(sorted, part).mul_(rank.lt(part.TopK)); // [rows, vocabulary]
        Tensor before = weights.cumsum(1).sub_(weights);
        Tensor enough = weights.sum(1, keepdim: true).mul_(part.TopP);
        weights.mul_(before.lt(enough));
        return order.gather(1, ByWeight(weights, uniform).unsqueeze(1)).squeeze(1);

        // Of equals the lowest id first, as on the host.
        static (Tensor, Tensor) Aten(Tensor x)
        {
            Tensor[] sorted = Native.Aten.Call("aten::sort", "stable", results: 2, wanted: 2, unwanted: [], x, Native.AtenArgument.Optional(true), 1L, true);
            return (sorted[0], sorted[1]);
        }
    }

    /// <summary>float64, 0 where a token may not be drawn.</summary>
    private static Tensor Weights(Tensor scaled, Part part)
    {
        Tensor wide = scaled.to(ScalarType.Float64);
        return wide.exp().mul_(wide.ge(part.Lowest.to(ScalarType.Float32)));
    }

    /// <summary>The first whose weight, with that of all before it, is more than the drawn share of the whole.</summary>
    private static Tensor ByWeight(Tensor weights, Tensor uniform)
    {
        Tensor upTo = weights.cumsum(1);
        Tensor drawn = upTo.narrow(1, upTo.size(1) - 1, 1).mul(uniform);
        return upTo.le(drawn).sum(1).clamp_max_(upTo.size(1) - 1);
    }

    /// <summary>Rows that are drawn in the same way; columns <c>[rows, 1]</c>, float64.</summary>
    private sealed record Part
    {
        public required bool IsRanked { get; init; }

        /// <summary>Among the rows drawn.</summary>
        public required Tensor Places { get; init; }

        public required Tensor Temperature { get; init; }

        public required Tensor Lowest { get; init; }

        public required Tensor TopK { get; init; }

        public required Tensor TopP { get; init; }

        /// <summary>One a token.</summary>
        public required Tensor[] Uniform { get; init; }
    }
}

/// <summary>A row whose tokens are drawn on the device.</summary>
/// <param name="Row">Of the step.</param>
/// <param name="Generated">Tokens of its answer so far.</param>
/// <param name="Sampling">With a temperature, and neither penalty nor shape.</param>
internal readonly record struct DrawnRow(int Row, int Generated, SamplingParams Sampling);
