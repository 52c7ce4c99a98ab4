using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Vision;

/// <summary>CLIP's vision transformer. For Dragonfly up to <c>hidden_states[-2]</c>: the last layer and the post norm are never run.</summary>
internal sealed class ClipVisionTower : IDisposable
{
    private readonly Tensor _patches;
    private readonly Tensor _positions;
    private readonly Tensor _class;
    private readonly ClipEncoderLayer[] _layers;
    private readonly ClipVisionConfig _config;
    private readonly ScalarType _type;

    /// <param name="source">Weights, by CLIPVisionModel's names.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="layers">Layers to run; all but the last where absent.</param>
    public ClipVisionTower(WeightSource source, ClipVisionConfig config, int? layers = null)
    {
        _config = config;
        _type = source.Type;
        string name = "vision_model";
        _class = source.Read($"{name}.embeddings.class_embedding").DetachFromDisposeScope();
        _positions = source.Read($"{name}.embeddings.position_embedding.weight").DetachFromDisposeScope();
        _patches = source.Read($"{name}.embeddings.patch_embedding.weight").DetachFromDisposeScope(); // [hidden, 3, patch, patch]
        PreNorm = LayerNorm.Load(source, $"{name}.pre_layrnorm", config.LayerNormEps);
        _layers = [.. Enumerable.Range(0, layers ?? config.NumHiddenLayers - 1).Select(layer => new ClipEncoderLayer(source, config, layer))];
    }

    internal LayerNorm PreNorm { get; }

    internal IReadOnlyList<ClipEncoderLayer> Layers => _layers;

    /// <param name="crops">uint8 RGB, <c>[crops, size, size, 3]</c></param>
    /// <returns><c>[crops, tokens, hidden]</c>, the class token first, then patches row-major</returns>
    public Tensor Forward(Tensor crops)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor hidden = PreNorm.Forward(Embed(PixelNormalization.Apply(crops)));
        foreach (ClipEncoderLayer layer in _layers)
        {
            Tensor next = layer.Forward(hidden);
            hidden.Dispose();
            hidden = next;
        }

        return hidden.MoveToOuterDisposeScope();
    }

    /// <summary>A convolution whose stride is its kernel is a linear layer over unfolded patches.</summary>
    /// <param name="normalized"><c>[crops, size, size, 3]</c></param>
    /// <returns><c>[crops, tokens, hidden]</c> with positions, before the first norm</returns>
    internal Tensor Embed(Tensor normalized)
    {
        using DisposeScope scope = NewDisposeScope();
        long count = normalized.size(0), grid = _config.Grid, patch = _config.PatchSize, used = grid * patch;
        Tensor pixels = normalized.to(_type).narrow(1, 0, used).narrow(2, 0, used);
        Tensor unfolded = pixels.reshape(count, grid, patch, grid, patch, 3).permute(0, 1, 3, 5, 2, 4).reshape(count, grid * grid, 3 * patch * patch);
        Tensor embedded = nn.functional.linear(unfolded, _patches.view(_config.HiddenSize, -1)); // [crops, patches, hidden]
        Tensor cls = _class.view(1, 1, -1).expand(count, 1, -1);
        return cat([cls, embedded], 1).add_(_positions).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (Tensor tensor in (Tensor[])[_patches, _positions, _class])
        {
            tensor.Dispose();
        }

        PreNorm.Dispose();
        Array.ForEach(_layers, layer => layer.Dispose());
    }
}
