using NetVips;

namespace Pipeline.Model.Imaging;

/// <summary>Small copies of images for people to look at. Thread-safe; runs on the caller's thread.</summary>
public static class Thumbnail
{
    private const int Quality = 80;

    /// <param name="rgb">uint8 RGB, <c>[height, width, 3]</c>.</param>
    /// <param name="image">Its size.</param>
    /// <param name="side">Most pixels of width and height; smaller images keep their size.</param>
    /// <returns>A JPEG without metadata.</returns>
    public static byte[] Jpeg(ReadOnlySpan<byte> rgb, ImageFacts image, int side)
    {
        using var full = Image.NewFromMemory(rgb.ToArray(), image.Width, image.Height, bands: 3, Enums.BandFormat.Uchar);
        using Image small = full.ThumbnailImage(side, height: side, size: Enums.Size.Down);
        return small.JpegsaveBuffer(q: Quality, keep: Enums.ForeignKeep.None);
    }

    /// <summary>The same of an image that has been cut for the model: in its own shape again, and no larger than it was.</summary>
    public static byte[] Jpeg(ImageOverview overview, int side)
    {
        var scale = Math.Min(1, (double)side / Math.Max(overview.Image.Width, overview.Image.Height));
        var (width, height) = (Math.Max(1, (int)Math.Round(scale * overview.Image.Width)), Math.Max(1, (int)Math.Round(scale * overview.Image.Height)));
        using var stretched = Image.NewFromMemory(overview.Rgb, overview.Width, overview.Height, bands: 3, Enums.BandFormat.Uchar);
        using Image small = stretched.ThumbnailImage(width, height: height, size: Enums.Size.Force);
        return small.JpegsaveBuffer(q: Quality, keep: Enums.ForeignKeep.None);
    }
}
