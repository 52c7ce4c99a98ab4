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
    private readonly Projection _patches;
    private readonly Tensor _positions; // class token's included
    private readonly LayerNorm _preNorm;
    private readonly VisionLayer[] _layers;
    private readonly ClipVisionConfig _config;
    private readonly ScalarType _type;

    public VisionTower(WeightSource source, ClipVisionConfig config)
    {
        _config = config;
        _type = source.Type;
        using DisposeScope scope = NewDisposeScope();
        const string Embeddings = "vision_model.embeddings";
        _patches = Projection.Of(source.Read($"{Embeddings}.patch_embedding.weight").reshape(config.HiddenSize, -1), null); // [hidden, 3·patch·patch]
        Tensor positions = source.Read($"{Embeddings}.position_embedding.weight").clone();
        positions[0].add_(source.Read($"{Embeddings}.class_embedding"));
        _positions = positions.DetachFromDisposeScope();
        _preNorm = LayerNorm.Load(source, "vision_model.pre_layrnorm", config.LayerNormEps);
        _layers = [.. Enumerable.Range(0, config.NumHiddenLayers - 1).Select(layer => new VisionLayer(source, config, layer))];
    }

    /// <param name="crops">uint8 RGB, <c>[crops, size, size, 3]</c></param>
    /// <returns><c>[crops, tokens, hidden]</c>, the class token first, then patches row-major</returns>
    public Tensor Forward(Tensor crops)
    {
        using DisposeScope scope = NewDisposeScope();
        long count = crops.size(0);
        Tensor hidden = _preNorm.Forward(Embed(crops)).view(-1, _config.HiddenSize);
        foreach (VisionLayer layer in _layers)
        {
            Tensor next = layer.Forward(hidden, count);
            hidden.Dispose();
            hidden = next;
        }

        return hidden.view(count, -1, _config.HiddenSize).MoveToOuterDisposeScope();
    }

    private Tensor Embed(Tensor crops)
    {
        using DisposeScope scope = NewDisposeScope();
        long count = crops.size(0), grid = _config.Grid, patch = _config.PatchSize, used = grid * patch, patches = grid * grid, width = _config.HiddenSize;
        Tensor pixels = PixelNormalization.Apply(crops).narrow(1, 0, used).narrow(2, 0, used).view(count, grid, patch, grid, patch, 3);
        Tensor unfolded = pixels.permute(0, 1, 3, 5, 2, 4).to(_type).reshape(-1, 3 * patch * patch); // [crops · patches, 3·patch·patch]
        Tensor hidden = empty([count, 1 + patches, width], _type, crops.device).copy_(_positions.expand(count, -1, -1));
        hidden.narrow(1, 1, patches).add_(_patches.Forward(unfolded).view(count, patches, width));
        return hidden.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[_patches, _positions, _preNorm, .. _layers])
        {
            part.Dispose();
        }
    }
}
