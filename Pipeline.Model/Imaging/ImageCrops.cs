namespace Pipeline.Model.Imaging;

/// <summary>One image, cut for the model: the low-resolution crop, four of middle and 24 (v1) or 36 (v2) of high resolution.</summary>
public sealed record ImageCrops
{
    /// <summary>uint8 RGB, <c>[crops, size, size, 3]</c>, crops in the order low, mid, high, each level row-major.</summary>
    public required byte[] Pixels { get; init; }

    /// <summary>Number of crops.</summary>
    public required int Count { get; init; }

    /// <summary>Side of a crop in pixels.</summary>
    public required int Size { get; init; }

    public required ImageFacts Image { get; init; }
}

/// <summary>Facts of a decoded image.</summary>
/// <param name="Width">Pixels, as Pillow opens it (EXIF orientation is not applied, as in the reference).</param>
/// <param name="Height">Pixels.</param>
/// <param name="Format">"jpeg", "png", "webp", "tiff", "gif", "heif" or "avif".</param>
public readonly record struct ImageFacts(int Width, int Height, string Format);
