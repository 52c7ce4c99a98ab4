using System.IO.Hashing;

namespace Pipeline.Model.Imaging;

/// <summary>One image, cut for the model: the low-resolution crop, four of middle and 24 (v1) or 36 (v2) of high resolution.</summary>
public sealed record ImageCrops
{
    /// <summary>uint8 RGB, <c>[crops, size, size, 3]</c>, crops in the order low, mid, high, each level row-major. Never written once it is here.</summary>
    public required byte[] Pixels
    {
        get;
        init
        {
            field = value;
            _hashes = null; // a copy of a record starts with the fields of the original
        }
    }

    /// <summary>Number of crops.</summary>
    public required int Count
    {
        get;
        init
        {
            field = value;
            _hashes = null;
        }
    }

    /// <summary>Side of a crop in pixels.</summary>
    public required int Size { get; init; }

    public required ImageFacts Image { get; init; }

    /// <summary>XxHash128 of each crop's pixels, computed at the first call: a millisecond or two of the caller's time.</summary>
    /// <remarks>Not cryptographic: equal hashes only say where comparing <see cref="Crop"/> is worth it.</remarks>
    internal IReadOnlyList<UInt128> Hashes => _hashes ??= [.. Enumerable.Range(0, Count).Select(index => XxHash128.HashToUInt128(Crop(index)))];

    private UInt128[]? _hashes;

    /// <summary>Pixels of one crop, <c>[size, size, 3]</c>.</summary>
    /// <param name="index">0-based.</param>
    internal ReadOnlySpan<byte> Crop(int index) => Pixels.AsSpan(index * (Pixels.Length / Count), Pixels.Length / Count);

    /// <summary>Equal where all pixels and facts are.</summary>
    public bool Equals(ImageCrops? other) => other is not null && Image == other.Image && SamePixels.Comparer.Equals(this, other);

    public override int GetHashCode() => SamePixels.Comparer.GetHashCode(this);
}

/// <summary>Facts of a decoded image.</summary>
/// <param name="Width">Pixels, as Pillow opens it (EXIF orientation is not applied, as in the reference).</param>
/// <param name="Height">Pixels.</param>
/// <param name="Format">"jpeg", "png", "webp", "tiff", "gif", "heif" or "avif".</param>
public readonly record struct ImageFacts(int Width, int Height, string Format);
