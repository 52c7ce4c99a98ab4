using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Vision;

/// <summary>Crops in, the image's rows of the prompt out: vision tower, zoom, projection to the language model's width.</summary>
internal sealed class ImageEncoder(WeightSource source, DragonflyConfig config) : IDisposable
{
    /// <summary>On a CPU few crops at a time keep a layer's activations in its caches.</summary>
    private const int CropsPerBatch = 4;

    private readonly ZoomProjection _zoom = new(source, config);

    internal ClipVisionTower Tower { get; } = new(source.Below(DragonflyParameters.Vision), config.Vision);

    /// <returns>
    /// Rows <c>[image rows, hidden]</c> that replace the placeholders, in the order of the prompt; of v1 also the kept high crops
    /// (0 to 23, ascending) and the scores they were chosen by.
    /// </returns>
    public EncodedImage Encode(ImageCrops image)
    {
        using Tensor features = Features(image);
        return Encode(features);
    }

    /// <inheritdoc cref="Encode(ImageCrops)"/>
    /// <param name="features">From <see cref="Features"/>.</param>
    internal EncodedImage Encode(Tensor features) => _zoom.Forward(features);

    /// <inheritdoc cref="ZoomProjection.Project"/>
    internal Tensor Project(Tensor features) => _zoom.Project(features);

    /// <returns><c>[crops, tokens, vision hidden]</c></returns>
    internal Tensor Features(ImageCrops image)
    {
        if (image.Count != config.Crops || image.Size != config.Vision.ImageSize)
        {
            throw new ArgumentException(
                $"The image was cut into {image.Count} crops of {image.Size} pixels, and this model takes {config.Crops} of {config.Vision.ImageSize}.", nameof(image));
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor crops = tensor(image.Pixels, [image.Count, image.Size, image.Size, 3], ScalarType.Byte, source.Device);
        List<Tensor> parts = [];
        for (int first = 0; first < image.Count; first += CropsPerBatch)
        {
            parts.Add(Tower.Forward(crops.narrow(0, first, Math.Min(CropsPerBatch, image.Count - first))));
        }

        return cat(parts).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Tower.Dispose();
        _zoom.Dispose();
    }
}
