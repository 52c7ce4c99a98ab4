using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Vision;

/// <summary>CLIP's vision transformer up to <c>hidden_states[-2]</c>: the last layer and the post norm are never run.</summary>
internal sealed class ClipVisionTower : IDisposable
{
    private readonly Tensor _patches;
    private readonly Tensor _positions;
    private readonly Tensor _class;
    private readonly Tensor _mean;
    private readonly Tensor _deviation;
    private readonly LayerNorm _preNorm;
    private readonly ClipEncoderLayer[] _layers;
    private readonly ClipVisionConfig _config;
    private readonly ScalarType _type;

    public ClipVisionTower(WeightSource source, ClipVisionConfig config)
    {
        _config = config;
        _type = source.Type;
        string name = "vision_model";
        _class = source.Read($"{name}.embeddings.class_embedding").DetachFromDisposeScope();
        _positions = source.Read($"{name}.embeddings.position_embedding.weight").DetachFromDisposeScope();
        using (Tensor kernel = source.Read($"{name}.embeddings.patch_embedding.weight"))
        {
            _patches = kernel.reshape(config.HiddenSize, -1).DetachFromDisposeScope(); // [hidden, 3·patch·patch]
        }

        _mean = Channels(source.Device, 0.48145466f, 0.4578275f, 0.40821073f);
        _deviation = Channels(source.Device, 0.26862954f, 0.26130258f, 0.27577711f);
        _preNorm = new LayerNorm(source, $"{name}.pre_layrnorm", config.LayerNormEps);
        _layers = [.. Enumerable.Range(0, config.NumHiddenLayers - 1).Select(layer => new ClipEncoderLayer(source, config, layer))];
    }

    /// <param name="crops">uint8 RGB, <c>[crops, size, size, 3]</c></param>
    /// <returns><c>[crops, tokens, hidden]</c>, the class token first, then patches row-major</returns>
    public Tensor Forward(Tensor crops)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor hidden = _preNorm.Forward(Embed(crops));
        foreach (ClipEncoderLayer layer in _layers)
        {
            Tensor next = layer.Forward(hidden);
            hidden.Dispose();
            hidden = next;
        }

        return hidden.MoveToOuterDisposeScope();
    }

    /// <summary>CLIPImageProcessor's arithmetic: rescale by 1/255, then (x − mean) / std.</summary>
    /// <param name="crops">uint8 RGB, <c>[crops, size, size, 3]</c></param>
    /// <returns>float32 of the same shape</returns>
    internal Tensor Normalize(Tensor crops) => crops.to(ScalarType.Float32).div_(255).sub_(_mean).div_(_deviation);

    /// <summary>A convolution whose stride is its kernel is a linear layer over unfolded patches.</summary>
    private Tensor Embed(Tensor crops)
    {
        using DisposeScope scope = NewDisposeScope();
        long count = crops.size(0), grid = _config.Grid, patch = _config.PatchSize, used = grid * patch;
        Tensor pixels = Normalize(crops).to(_type).narrow(1, 0, used).narrow(2, 0, used);
        Tensor unfolded = pixels.reshape(count, grid, patch, grid, patch, 3).permute(0, 1, 3, 5, 2, 4).reshape(count, grid * grid, 3 * patch * patch);
        Tensor embedded = nn.functional.linear(unfolded, _patches); // [crops, patches, hidden]
        Tensor cls = _class.view(1, 1, -1).expand(count, 1, -1);
        return cat([cls, embedded], 1).add_(_positions).MoveToOuterDisposeScope();
    }

    private static Tensor Channels(Device device, params float[] values) => tensor(values, device: device).DetachFromDisposeScope();

    public void Dispose()
    {
        foreach (Tensor tensor in (Tensor[])[_patches, _positions, _class, _mean, _deviation])
        {
            tensor.Dispose();
        }

        _preNorm.Dispose();
        Array.ForEach(_layers, layer => layer.Dispose());
    }
}
