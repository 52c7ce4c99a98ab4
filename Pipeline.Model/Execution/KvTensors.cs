using Pipeline.Model.Configuration;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>Keys and values: of images in slots, contiguous so that attention reads them where they lie; of text in blocks.</summary>
internal sealed class KvTensors : IDisposable
{
    /// <param name="layout">How many slots and blocks.</param>
    /// <param name="imagePositions">Positions of a slot.</param>
    /// <param name="config">Layers, heads and width.</param>
    /// <param name="type">Element type.</param>
    /// <param name="device">Where the model runs.</param>
    public KvTensors(KvLayout layout, int imagePositions, LlamaConfig config, ScalarType type, Device device)
    {
        long heads = config.NumKeyValueHeads, width = config.HeadDim;
        long[] images = [layout.ImageSlots, heads, imagePositions, width], text = [heads, (long)layout.Blocks * KvLayout.BlockSize, width];
        QueriesPerKey = config.NumAttentionHeads / config.NumKeyValueHeads;
        Layers = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(_ => new LayerKv(New(images), New(images), New(text), New(text)))];

        // Zeros, for the padding of a batch is read, and masked NaNs stay NaNs. Only what is written takes memory on a CPU.
        Tensor New(long[] shape) => zeros(shape, type, device).DetachFromDisposeScope();
    }

    public IReadOnlyList<LayerKv> Layers { get; }

    /// <summary>Query heads that share a key head.</summary>
    public int QueriesPerKey { get; }

    public void Dispose()
    {
        foreach (LayerKv layer in Layers)
        {
            layer.ImageKeys.Dispose();
            layer.ImageValues.Dispose();
            layer.TextKeys.Dispose();
            layer.TextValues.Dispose();
        }
    }
}

/// <summary>One layer's keys, after rotary embedding, and values.</summary>
/// <param name="ImageKeys"><c>[slots, kv heads, image positions, head]</c></param>
/// <param name="ImageValues">as the keys</param>
/// <param name="TextKeys"><c>[kv heads, blocks · 16, head]</c></param>
/// <param name="TextValues">as the keys</param>
internal sealed record LayerKv(Tensor ImageKeys, Tensor ImageValues, Tensor TextKeys, Tensor TextValues);
