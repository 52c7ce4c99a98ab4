using System.Buffers.Binary;

namespace Pipeline.Model.Imaging;

/// <summary>Looks whether a classic TIFF's first page lies wholly within the file.</summary>
internal static class TiffTags
{
    private const int StripOffsets = 273, StripByteCounts = 279, TileOffsets = 324, TileByteCounts = 325;
    private const int EntrySize = 12;
    private const int BigTiff = 43;

    /// <summary>Whether the first page's directory, or something it points to, lies beyond the end. Always false for BigTIFF.</summary>
    public static bool IsCutOff(ReadOnlySpan<byte> bytes)
    {
        var reader = new Reader(bytes, littleEndian: bytes[0] == (byte)'I');
        if (reader.TryRead(2, 2, out var version) && version == BigTiff)
        {
            return false;
        }

        if (!reader.TryRead(4, 4, out var directory) || !reader.TryRead(directory, 2, out var entries))
        {
            return true;
        }

        List<uint> offsets = [], counts = [];
        for (var i = 0; i < entries; i++)
        {
            var entry = directory + 2 + ((long)EntrySize * i);
            if (!reader.TryRead(entry, 2, out var tag) || !reader.TryFind(entry, out var at, out var size, out var count))
            {
                return true;
            }

            var values = tag switch
            {
                StripOffsets or TileOffsets => offsets,
                StripByteCounts or TileByteCounts => counts,
                _ => null,
            };
            for (var value = 0u; values is not null && (size is 2 or 4) && value < count; value++, at += size)
            {
                values.Add(reader.TryRead(at, size, out var number) ? number : 0);
            }
        }

        var length = (ulong)bytes.Length;
        return offsets.Zip(counts).Any(part => (ulong)part.First + part.Second > length);
    }

    private readonly ref struct Reader(ReadOnlySpan<byte> bytes, bool littleEndian)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        /// <summary>Reads a number of 2 or 4 bytes.</summary>
        public bool TryRead(long at, int size, out uint value)
        {
            value = 0;
            if (at + size > _bytes.Length)
            {
                return false;
            }

            var field = _bytes.Slice((int)at, size);
            value = (size, littleEndian) switch
            {
                (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(field),
                (2, false) => BinaryPrimitives.ReadUInt16BigEndian(field),
                (_, true) => BinaryPrimitives.ReadUInt32LittleEndian(field),
                _ => BinaryPrimitives.ReadUInt32BigEndian(field),
            };
            return true;
        }

        /// <summary>Finds an entry's values; false where they lie beyond the end.</summary>
        /// <remarks>An entry is tag, type, count, and the values themselves or, where they take more than 4 bytes, their offset.</remarks>
        public bool TryFind(long entry, out long at, out int size, out uint count)
        {
            (at, size, count) = (entry + 8, 0, 0);
            if (!TryRead(entry + 2, 2, out var type) || !TryRead(entry + 4, 4, out count) || !TryRead(entry + 8, 4, out var offset))
            {
                return false;
            }

            size = type switch
            {
                3 or 8 => 2,
                4 or 9 or 11 or 13 => 4,
                5 or 10 or 12 => 8,
                _ => 1,
            };
            var bytes = (long)count * size;
            at = bytes <= 4 ? entry + 8 : offset;
            return at + bytes <= _bytes.Length;
        }
    }
}
