using System.Buffers.Binary;

namespace Pipeline.Model.Imaging;

/// <summary>Walks the segments of a JPEG.</summary>
internal static class JpegMarkers
{
    private const byte StartOfScan = 0xDA;

    /// <summary>Whether no end-of-image marker follows the first scan.</summary>
    public static bool IsCutOff(ReadOnlySpan<byte> bytes)
    {
        var scan = FirstScan(bytes);
        return scan < 0 || bytes[scan..].IndexOf([(byte)0xFF, (byte)0xD9]) < 0;
    }

    // Offset of the first start-of-scan segment, or -1.
    private static int FirstScan(ReadOnlySpan<byte> bytes)
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

            if (found == StartOfScan)
            {
                return at;
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }

        return -1;
    }
}
