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
    public ImageCrops Process(ReadOnlyMemory<byte> encoded)
    {
        using var image = ImageDecoder.Decode(encoded, Limits);
        return Process(image.Pixels, image.Facts);
    }

    /// <summary>Crops of an image that is decoded already.</summary>
    /// <param name="rgb">uint8 RGB, <c>[height, width, 3]</c>.</param>
    /// <param name="image">Its size and where it came from.</param>
    /// <exception cref="ArgumentException"><paramref name="rgb"/> is not of that size.</exception>
    public ImageCrops Process(ReadOnlySpan<byte> rgb, ImageFacts image) => Process(rgb, image, levels: 3);

    /// <summary>The low-resolution crop alone, of which <see cref="ImageLook"/> is made: a fraction of the work.</summary>
    /// <inheritdoc cref="Process(ReadOnlySpan{byte}, ImageFacts)"/>
    public ImageCrops ProcessLowResolution(ReadOnlySpan<byte> rgb, ImageFacts image) => Process(rgb, image, levels: 1);

    /// <param name="rgb">uint8 RGB, <c>[height, width, 3]</c>.</param>
    /// <param name="image">Its size and where it came from.</param>
    /// <param name="levels">Resolutions to cut, the lowest first.</param>
    private ImageCrops Process(ReadOnlySpan<byte> rgb, ImageFacts image, int levels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(image.Width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(image.Height);
        if (rgb.Length != 3L * image.Width * image.Height)
        {
            throw new ArgumentException($"{image.Width} × {image.Height} RGB pixels are not {rgb.Length} bytes.", nameof(rgb));
        }

        CropGrid[] plan = [.. CropPlanner.Plan(Version, image.Width, image.Height, CropSize).Take(levels)];
        var count = plan.Sum(grid => grid.Count);
        var cropBytes = CropSize * CropSize * 3;
        var pixels = GC.AllocateUninitializedArray<byte>(checked(count * cropBytes));
        var offset = 0;
        foreach (var grid in plan)
        {
            var target = new ResizeTarget(grid.Width, grid.Height, CropSize, CropSize);
            PillowResizer.Resize(rgb, image.Width, image.Height, target, pixels.AsSpan(offset, grid.Count * cropBytes));
            offset += grid.Count * cropBytes;
        }

        return new ImageCrops { Pixels = pixels, Count = count, Size = CropSize, Image = image };
    }
}
