using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using Pipeline.Model.Vision;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Vision;

/// <summary>CLIP up to <c>hidden_states[-2]</c>, tuned: what <see cref="ClipVisionTower"/> computes.</summary>
internal sealed class VisionTower : IDisposable
{
    private readonly PatchEmbedding _embedding;
    private readonly LayerNorm _preNorm;
    private readonly VisionLayer[] _layers;
    private readonly ClipVisionConfig _config;

    public VisionTower(WeightSource source, ClipVisionConfig config)
    {
        _config = config;
        _embedding = new PatchEmbedding(source, config);
        _preNorm = LayerNorm.Load(source, "vision_model.pre_layrnorm", config.LayerNormEps);
        _layers = [.. Enumerable.Range(0, config.NumHiddenLayers - 1).Select(layer => new VisionLayer(source, config, layer))];
    }

    /// <param name="crops">uint8 RGB, <c>[crops, size, size, 3]</c></param>
    /// <returns><c>[crops, tokens, hidden]</c>, the class token first, then patches row-major</returns>
    public Tensor Forward(Tensor crops)
    {
        using DisposeScope scope = NewDisposeScope();
        long count = crops.size(0);
        Tensor hidden = _preNorm.Forward(_embedding.Forward(crops)).view(-1, _config.HiddenSize);
        foreach (VisionLayer layer in _layers)
        {
            Tensor next = layer.Forward(hidden, count);
            hidden.Dispose();
            hidden = next;
        }

        return hidden.view(count, -1, _config.HiddenSize).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[_embedding, _preNorm, .. _layers])
        {
            part.Dispose();
        }
    }
}
