using Pipeline.Model.Configuration;
using Pipeline.Model.Vision;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Vision;

/// <summary>Crops in, tokens out: a convolution whose stride is its kernel is a linear layer over unfolded patches.</summary>
/// <remarks>
/// In float32 the pixels' normalisation, (x/255 − mean)/deviation, is folded into weights and positions: bytes become floats in the pass that
/// unfolds them, and only the middle of their range is taken off. Without that, and in narrower types even so, the normalisation's constant
/// part would cost digits of the rest; those types normalise first.
/// </remarks>
internal sealed class PatchEmbedding : IDisposable
{
    private static readonly Scalar s_middle = 128.ToScalar();

    private readonly ClipVisionConfig _config;
    private readonly ScalarType _type;
    private readonly Projection _patches; // of patches [patch, patch, 3], as pixels lie
    private readonly Tensor _positions; // [tokens, hidden], class token and the normalisation's constant part included

    public PatchEmbedding(WeightSource source, ClipVisionConfig config)
    {
        const string Name = "vision_model.embeddings";
        using DisposeScope scope = NewDisposeScope();
        _config = config;
        _type = source.Type;
        Tensor kernel = source.Read($"{Name}.patch_embedding.weight").permute(0, 2, 3, 1); // [hidden, patch, patch, 3]
        Tensor positions = source.Read($"{Name}.position_embedding.weight").clone();
        positions[0].add_(source.Read($"{Name}.class_embedding"));
        if (IsFolded)
        {
            // W·(x·scale + shift) = (W·scale)·(x − middle) + W·(middle·scale + shift)
            Tensor shift = PixelNormalization.Apply(zeros([3], ScalarType.Byte, source.Device));
            Tensor scale = PixelNormalization.Apply(full([3], 255, ScalarType.Byte, source.Device)).sub_(shift).div_(255);
            Tensor atMiddle = PixelNormalization.Apply(full([3], s_middle, ScalarType.Byte, source.Device));
            positions.narrow(0, 1, positions.size(0) - 1).add_(kernel.mul(atMiddle).sum([1, 2, 3]));
            kernel = kernel.mul(scale);
        }

        _patches = Projection.Of(kernel.reshape(config.HiddenSize, -1), null, source.Placement);
        _positions = positions.DetachFromDisposeScope();
    }

    private bool IsFolded => _type == ScalarType.Float32;

    /// <param name="crops">uint8 RGB, <c>[crops, size, size, 3]</c></param>
    /// <returns><c>[crops, tokens, hidden]</c> with positions, before the first norm</returns>
    public Tensor Forward(Tensor crops)
    {
        using DisposeScope scope = NewDisposeScope();
        long count = crops.size(0), grid = _config.Grid, patch = _config.PatchSize, used = grid * patch, patches = grid * grid, width = _config.HiddenSize;
        Tensor pixels = (IsFolded ? crops : PixelNormalization.Apply(crops)).narrow(1, 0, used).narrow(2, 0, used).view(count, grid, patch, grid, patch, 3);
        Tensor unfolded = empty([count, grid, grid, patch, patch, 3], _type, crops.device).copy_(pixels.transpose(2, 3));
        if (IsFolded)
        {
            unfolded.sub_(s_middle);
        }

        Tensor tokens = empty([count, 1 + patches, width], _type, crops.device).copy_(_positions.expand(count, -1, -1));
        tokens.narrow(1, 1, patches).add_(_patches.Forward(unfolded.view(count * patches, -1)).view(count, patches, width));
        return tokens.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _patches.Dispose();
        _positions.Dispose();
    }
}
