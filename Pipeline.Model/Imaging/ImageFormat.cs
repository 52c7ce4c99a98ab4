using System.Buffers.Binary;

namespace Pipeline.Model.Imaging;

/// <summary>Tells formats by their first bytes, and whether a file of such a format reaches its end.</summary>
internal static class ImageFormat
{
    public const string Jpeg = "jpeg";
    public const string Png = "png";
    public const string WebP = "webp";
    public const string Tiff = "tiff";
    public const string Gif = "gif";
    public const string Heif = "heif";
    public const string Avif = "avif";

    /// <summary>Format of the bytes, or null.</summary>
    public static string? Of(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xD8, 0xFF, ..] => Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => Gif,
        // 42: classic, 43: BigTIFF.
        [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => Tiff,
        _ when bytes.StartsWith("RIFF"u8) && bytes.Length >= 12 && bytes[8..].StartsWith("WEBP"u8) => WebP,
        _ when bytes.Length >= 12 && bytes[4..].StartsWith("ftyp"u8) => Isobmff(bytes),
        _ => null,
    };

    /// <summary>Whether the bytes end before the image they began.</summary>
    /// <remarks>
    /// Tells a file that was cut off from a damaged one once decoding has failed: libvips keeps its error messages in one buffer
    /// for all threads, so they can't be trusted for that. It is no proof by itself that the pixels are incomplete.
    /// </remarks>
    public static bool IsCutOff(string format, ReadOnlySpan<byte> bytes) => format switch
    {
        Jpeg => JpegMarkers.IsCutOff(bytes),
        Png => IsPngCutOff(bytes),
        WebP => bytes.Length < 8L + BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
        Gif => !bytes.TrimEnd((byte)0).EndsWith(";"u8),
        Heif or Avif => IsIsobmffCutOff(bytes),
        _ => TiffTags.IsCutOff(bytes),
    };

    // The major brand is not enough: "mif1" and "msf1" say only that it is one of the two.
    private static string? Isobmff(ReadOnlySpan<byte> bytes)
    {
        var length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(bytes), (uint)bytes.Length);
        string? format = null;
        for (var at = 8; at + 4 <= length; at += 4)
        {
            var brand = bytes.Slice(at, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
            {
                return Avif;
            }

            if (brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8)
                || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8))
            {
                format = Heif;
            }
        }

        return format;
    }

    private static bool IsPngCutOff(ReadOnlySpan<byte> bytes)
    {
        const int ChunkFrame = 12;
        long at = 8;
        while (at + ChunkFrame <= bytes.Length)
        {
            var chunk = bytes[(int)at..];
            if (chunk[4..].StartsWith("IEND"u8))
            {
                return false;
            }

            at += ChunkFrame + (long)BinaryPrimitives.ReadUInt32BigEndian(chunk);
        }

        return true;
    }

    private static bool IsIsobmffCutOff(ReadOnlySpan<byte> bytes)
    {
        long at = 0;
        while (at + 8 <= bytes.Length)
        {
            var box = bytes[(int)at..];
            var size = (ulong)BinaryPrimitives.ReadUInt32BigEndian(box);
            if (size == 1 && box.Length >= 16)
            {
                size = BinaryPrimitives.ReadUInt64BigEndian(box[8..]);
            }

            // 0: the box goes on to the end of the file, wherever that is.
            if (size == 0)
            {
                return false;
            }

            if (size < 8 || size > (ulong)bytes.Length - (ulong)at)
            {
                return size >= 8;
            }

            at += (long)size;
        }

        return at != bytes.Length;
    }
}
