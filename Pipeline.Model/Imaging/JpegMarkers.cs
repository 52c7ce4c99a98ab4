using System.Buffers.Binary;

namespace Pipeline.Model.Imaging;

/// <summary>Walks the segments of a JPEG.</summary>
internal static class JpegMarkers
{
    private const byte StartOfScan = 0xDA;
    private const byte App14 = 0xEE;

    /// <summary>Whether no end-of-image marker follows the first scan.</summary>
    public static bool IsCutOff(ReadOnlySpan<byte> bytes)
    {
        var scan = Find(bytes, StartOfScan, ""u8);
        return scan < 0 || bytes[scan..].IndexOf([(byte)0xFF, (byte)0xD9]) < 0;
    }

    /// <summary>Whether Adobe's segment is there: libvips inverts CMYK only then, Pillow always.</summary>
    public static bool HasAdobe(ReadOnlySpan<byte> bytes) => Find(bytes, App14, "Adobe"u8) >= 0;

    // Offset of the first segment of that kind before the image data, or -1.
    private static int Find(ReadOnlySpan<byte> bytes, byte marker, ReadOnlySpan<byte> content)
    {
        var at = 2;
        while (at + 4 <= bytes.Length && bytes[at] == 0xFF)
        {
            var found = bytes[at + 1];
            // Any number of 0xFF may fill the space before a marker.
            if (found == 0xFF)
            {
                at++;
                continue;
            }

            if (found == marker && bytes[(at + 4)..].StartsWith(content))
            {
                return at;
            }

            if (found == StartOfScan)
            {
                return -1;
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }

        return -1;
    }
}
