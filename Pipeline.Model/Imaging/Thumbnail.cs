using NetVips;

namespace Pipeline.Model.Imaging;

/// <summary>Small copies of images for people to look at. Thread-safe; runs on the caller's thread.</summary>
public static class Thumbnail
{
    private const int Quality = 80;

    /// <param name="encoded">An image file.</param>
    /// <param name="side">Most pixels of width and height; smaller images keep their size.</param>
    /// <param name="limits">What is refused before decoding.</param>
    /// <returns>A JPEG without metadata.</returns>
    /// <exception cref="ImageException">The bytes can't be decoded.</exception>
    public static byte[] Jpeg(ReadOnlyMemory<byte> encoded, int side, ImageLimits? limits = null)
    {
        using RgbImage image = ImageDecoder.Decode(encoded, limits ?? new ImageLimits());
        using var full = Image.NewFromMemory(image.Pixels.ToArray(), image.Facts.Width, image.Facts.Height, bands: 3, Enums.BandFormat.Uchar);
        using Image small = full.ThumbnailImage(side, height: side, size: Enums.Size.Down);
        return small.JpegsaveBuffer(q: Quality, keep: Enums.ForeignKeep.None);
    }
}
