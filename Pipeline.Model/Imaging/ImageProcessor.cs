using Pipeline.Model.Configuration;

namespace Pipeline.Model.Imaging;

/// <summary>Encoded image in, uint8 crops out, bit-equal to Pillow's. Thread-safe; runs on the caller's thread.</summary>
/// <param name="version">v1 and v2 cut the high resolution differently.</param>
/// <param name="cropSize">Side of a crop: the vision tower's image_size.</param>
/// <param name="limits">What is refused before decoding.</param>
public sealed class ImageProcessor(DragonflyVersion version, int cropSize, ImageLimits? limits = null)
{
    public DragonflyVersion Version { get; } = version;
    public int CropSize { get; } = cropSize;
    public ImageLimits Limits { get; } = limits ?? new ImageLimits();

    /// <exception cref="ImageException">The bytes can't be decoded.</exception>
    public ImageCrops Process(ReadOnlyMemory<byte> encoded) => throw new NotSupportedException();
}
