using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;
using Pipeline.Model.Vision;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Vision;

/// <summary>Crops of several images in, each image's rows of the prompt out; a crop that occurs twice is encoded once.</summary>
internal sealed class VisionStage(WeightSource source, DragonflyConfig config, ZoomPick? pick = null) : IDisposable
{
    /// <summary>Tokens that a CPU takes at a time, so that a layer's activations stay in its caches; other devices take all.</summary>
    private const int TokensPerTile = 2_400;

    private readonly VisionTower _tower = new(source.Below(DragonflyParameters.Vision), config.Vision);
    private readonly ZoomProjection _zoom = new(source, config, pick);

    /// <returns>One for each image; belong to the caller's dispose scope.</returns>
    public IReadOnlyList<EncodedImage> Encode(IReadOnlyList<ImageCrops> images)
    {
        foreach (ImageCrops image in images)
        {
            if (image.Count != config.Crops || image.Size != config.Vision.ImageSize)
            {
                throw new ArgumentException(
                    $"The image was cut into {image.Count} crops of {image.Size} pixels, and this model takes {config.Crops} of {config.Vision.ImageSize}.", nameof(images));
            }
        }

        var batch = new CropBatch(images);
        using Tensor features = Features(batch);
        return [.. batch.Crops.Select(crops =>
        {
            using Tensor own = Select(features, crops);
            return _zoom.Forward(own);
        })];
    }

    /// <returns><c>[different crops, tokens, vision hidden]</c></returns>
    private Tensor Features(CropBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        int tile = source.Device.type == DeviceType.CPU ? Math.Max(1, TokensPerTile / config.Vision.Tokens) : batch.Count;
        Tensor features = empty([batch.Count, config.Vision.Tokens, config.Vision.HiddenSize], source.Type, source.Device);
        for (int first = 0; first < batch.Count; first += tile)
        {
            using DisposeScope inner = NewDisposeScope();
            int count = Math.Min(tile, batch.Count - first);
            features.narrow(0, first, count).copy_(_tower.Forward(Pixels(batch, first, count)));
        }

        return features.MoveToOuterDisposeScope();
    }

    /// <summary>As bytes, four times fewer than numbers: they are normalised where the model runs.</summary>
    private Tensor Pixels(CropBatch batch, int first, int count)
    {
        int size = config.Vision.ImageSize, bytes = size * size * 3;
        return Upload.Filled([count, size, size, 3], ScalarType.Byte, source.Placement, target =>
        {
            for (int i = 0; i < count; i++)
            {
                batch.Pixels(first + i).CopyTo(target.Slice(i * bytes, bytes));
            }
        });
    }

    private static Tensor Select(Tensor features, int[] crops)
    {
        if (crops.Index().All(crop => crop.Item == crops[0] + crop.Index))
        {
            return features.narrow(0, crops[0], crops.Length); // no crop of it was there before
        }

        using Tensor indices = tensor(crops.Select(crop => (long)crop).ToArray(), device: features.device);
        return features.index_select(0, indices);
    }

    public void Dispose()
    {
        _tower.Dispose();
        _zoom.Dispose();
    }
}
