using Pipeline.Model.Imaging;
using Pipeline.Worker.Decoding;

namespace Pipeline.Worker.Shards;

/// <summary>Thumbnails for dataset cards.</summary>
internal sealed class CardThumbnails(DecoderPool decoders)
{
    /// <summary>Pixels.</summary>
    private const int Side = 192;

    /// <returns>A JPEG, or null if the image can't be decoded.</returns>
    public async Task<byte[]?> MakeAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken)
    {
        try
        {
            return await decoders.DecodeAsync(encoded, static (rgb, image) => Thumbnail.Jpeg(rgb, image, Side), cancellationToken);
        }
        catch (ImageException)
        {
            return null;
        }
    }
}
