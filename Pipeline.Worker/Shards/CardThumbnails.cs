using Pipeline.Model.Imaging;

namespace Pipeline.Worker.Shards;

/// <summary>Thumbnails for dataset cards and pages.</summary>
public static class CardThumbnails
{
    /// <summary>Pixels.</summary>
    private const int Side = 192;

    /// <returns>A JPEG, or null if the image can't be decoded.</returns>
    public static byte[]? Make(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            return Thumbnail.Jpeg(encoded, Side);
        }
        catch (ImageException)
        {
            return null;
        }
    }
}
