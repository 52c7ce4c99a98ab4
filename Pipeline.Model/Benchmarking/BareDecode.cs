using Pipeline.Model.Configuration;
using Pipeline.Model.Execution;
using static TorchSharp.torch;

namespace Pipeline.Model.Benchmarking;

/// <summary>The matrix products of a step of decode and nothing else: what the shapes allow on this machine.</summary>
/// <remarks>
/// Every layer has weights, keys and values of its own, as large as the model's, so that caches help no more than they help the engine.
/// Sequences that share an image are rows of one product over its positions, as are the query heads that share a key head. All plain products of
/// the library, from weights as stored: an engine that packs its weights may be faster.
/// </remarks>
internal sealed class BareDecode
{
    private const int Steps = 7;

    private readonly List<Func<Tensor>> _products = [];

    private readonly Placement _placement;

    private BareDecode(DragonflyConfig config, DecodeShape shape, Placement placement)
    {
        _placement = placement;
        LlamaConfig llama = config.Language;
        int width = llama.NumAttentionHeads * llama.HeadDim, keyValue = llama.NumKeyValueHeads * llama.HeadDim;
        for (int layer = 0; layer < llama.NumHiddenLayers; layer++)
        {
            AddLinear(shape.Sequences, llama.HiddenSize, width + (2 * keyValue));
            AddAttention(llama, shape, config.ImagePositions);
            AddLinear(shape.Sequences, width, llama.HiddenSize);
            AddLinear(shape.Sequences, llama.HiddenSize, 2 * llama.IntermediateSize);
            AddLinear(shape.Sequences, llama.IntermediateSize, llama.HiddenSize);
        }

        AddLinear(shape.Sequences, llama.HiddenSize, llama.VocabSize);
    }

    /// <returns>Seconds of a step, the median of several.</returns>
    public static Task<double> MeasureAsync(DragonflyConfig config, DecodeShape shape, Placement placement, CancellationToken cancellationToken) =>
        TensorThread.RunAsync(() => new BareDecode(config, shape, placement).Time(), cancellationToken);

    private double Time() => Enumerable.Range(0, Steps + 1).Select(_ => Step()).Skip(1).Median();

    private double Step() => DeviceClock.Time(_placement, () => _products.ForEach(product => product().Dispose()));

    private Tensor Ones(params long[] shape) => ones(shape, _placement.Type, _placement.Device);

    private void AddLinear(int rows, int input, int output)
    {
        Tensor x = Ones(rows, input), weight = Ones(output, input);
        _products.Add(() => nn.functional.linear(x, weight));
    }

    private void AddAttention(LlamaConfig llama, DecodeShape shape, int imagePositions)
    {
        int group = llama.NumAttentionHeads / llama.NumKeyValueHeads;
        var (fewer, images) = (shape.Sequences / shape.Images, shape.Images);
        int more = shape.Sequences % images; // so many images have one sequence more than the others
        AddAttention(more, llama, (fewer + 1) * group, imagePositions);
        AddAttention(images - more, llama, fewer * group, imagePositions);
        AddAttention(shape.Sequences, llama, group, shape.TextPositions);
    }

    /// <summary>q·Kᵀ and p·V.</summary>
    private void AddAttention(int caches, LlamaConfig llama, int rows, int positions)
    {
        if (caches == 0)
        {
            return;
        }

        int batch = caches * llama.NumKeyValueHeads;
        Tensor queries = Ones(batch, rows, llama.HeadDim), scores = Ones(batch, rows, positions);
        Tensor keys = Ones(batch, positions, llama.HeadDim).transpose(1, 2), values = Ones(batch, positions, llama.HeadDim);
        _products.Add(() => queries.bmm(keys));
        _products.Add(() => scores.bmm(values));
    }
}
