using Pipeline.Model.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>From logits to tokens, one or several for each row, on the device: ids and log-probabilities come to the host together, when all are there.</summary>
/// <remarks>Rows whose picker must see the logits come to the host at once, token by token.</remarks>
internal sealed class TokenChoice : IDisposable
{
    private readonly IReadOnlyList<ITokenPicker?> _pickers;
    private readonly DeviceDraw? _draw;
    private readonly List<Tensor> _ids = [];
    private readonly List<Tensor> _logProbabilities = [];
    private readonly Dictionary<(int Row, int Token), PickedToken> _pickedHere = [];

    /// <param name="pickers">Of each row; null: the likeliest.</param>
    /// <param name="generated">Of each row, how many tokens its answer has.</param>
    /// <param name="tokens">That each row gets; more than one only where no row needs its logits on the host.</param>
    /// <param name="placement">Where the logits are. On a CPU all pickers run on the host.</param>
    /// <remarks>What it needs for drawing belongs to the dispose scope it is made in.</remarks>
    public TokenChoice(IReadOnlyList<ITokenPicker?> pickers, IReadOnlyList<int> generated, int tokens, Placement placement)
    {
        _pickers = pickers;
        int[] drawn = [.. Enumerable.Range(0, pickers.Count).Where(row => placement.UsesDeviceKernels && pickers[row]?.Draw is not null)];
        _draw = drawn.Length == 0 ? null : new DeviceDraw([.. drawn.Select(row => new DrawnRow(row, generated[row], pickers[row]!.Draw!))], tokens, placement.Device);
    }

    /// <summary>Chooses the next token of each row.</summary>
    /// <param name="logits">float32 <c>[rows, vocabulary]</c></param>
    /// <param name="generated">Of each row, the answer so far; read for rows that pick on the host.</param>
    /// <returns>int64 <c>[rows]</c>, to go on with on the device; belongs to this.</returns>
    public Tensor Pick(Tensor logits, IReadOnlyList<IReadOnlyList<int>> generated)
    {
        using DisposeScope scope = NewDisposeScope();
        int token = _ids.Count;
        (Tensor top, Tensor ids) = logits.max(1);
        if (_draw is not null)
        {
            ids.index_copy_(0, _draw.Rows, _draw.From(logits.index_select(0, _draw.Rows), token));
            top = logits.gather(1, ids.unsqueeze(1)).squeeze(1);
        }

        for (int row = 0; row < _pickers.Count; row++)
        {
            if (_pickers[row] is { } picker && _draw?.Has(row) is not true)
            {
                _pickedHere[(row, token)] = picker.Pick(logits[row].cpu().data<float>().ToArray(), generated[row]);
            }
        }

        _logProbabilities.Add(top.sub_(logits.logsumexp(1)).DetachFromDisposeScope());
        _ids.Add(ids.DetachFromDisposeScope());
        return ids;
    }

    /// <returns>For each row, its tokens in order.</returns>
    public PickedToken[][] Read()
    {
        using DisposeScope scope = NewDisposeScope();
        long[] ids = stack(_ids).cpu().data<long>().ToArray(); // [tokens, rows]
        float[] logProbabilities = stack(_logProbabilities).cpu().data<float>().ToArray();
        int rows = _pickers.Count;
        return [.. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, _ids.Count).Select(token => _pickedHere.TryGetValue((row, token), out PickedToken picked)
            ? picked
            : new PickedToken((int)ids[(token * rows) + row], logProbabilities[(token * rows) + row])).ToArray())];
    }

    public void Dispose() => _ids.Concat(_logProbabilities).ToList().ForEach(kept => kept.Dispose());

    /// <param name="logits">float32 <c>[rows, vocabulary]</c></param>
    /// <param name="choices">Which token to read in which row, at least one.</param>
    /// <returns>Natural log of each one's probability.</returns>
    public static float[] Score(Tensor logits, IReadOnlyList<Language.ChoiceRow> choices)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = tensor(choices.Select(choice => (long)choice.Row).ToArray(), device: logits.device);
        Tensor flat = tensor(choices.Select(choice => (choice.Row * logits.size(1)) + choice.Token).ToArray(), device: logits.device);
        return logits.view(-1).index_select(0, flat).sub_(logits.logsumexp(1).index_select(0, rows)).cpu().data<float>().ToArray();
    }
}
