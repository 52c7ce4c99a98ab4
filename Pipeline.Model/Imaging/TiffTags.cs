using System.Buffers.Binary;

namespace Pipeline.Model.Imaging;

/// <summary>Looks whether a classic TIFF's first page lies wholly within the file.</summary>
internal static class TiffTags
{
    private const int StripOffsets = 273, StripByteCounts = 279, TileOffsets = 324, TileByteCounts = 325;
    private const int EntrySize = 12;

    /// <summary>Whether the first page's directory, or pixels that it points to, lie beyond the end.</summary>
    public static bool IsCutOff(ReadOnlySpan<byte> bytes)
    {
        var reader = new Reader(bytes, LittleEndian: bytes[0] == (byte)'I');
        if (!reader.TryRead(4, 4, out var directory) || !reader.TryRead(directory, 2, out var entries))
        {
            return true;
        }

        List<uint> offsets = [], counts = [];
        for (var i = 0; i < entries; i++)
        {
            var entry = directory + 2 + (EntrySize * i);
            if (!reader.TryRead(entry, 2, out var tag))
            {
                return true;
            }

            var values = tag switch
            {
                StripOffsets or TileOffsets => offsets,
                StripByteCounts or TileByteCounts => counts,
                _ => null,
            };
            if (values is not null && !reader.TryReadValues(entry, values))
            {
                return true;
            }
        }

        var length = (ulong)bytes.Length;
        return offsets.Zip(counts).Any(part => (ulong)part.First + part.Second > length);
    }

    private readonly ref struct Reader(ReadOnlySpan<byte> bytes, bool LittleEndian)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public bool TryRead(long at, int size, out uint value)
        {
            value = 0;
            if (at + size > _bytes.Length)
            {
                return false;
            }

            var field = _bytes.Slice((int)at, size);
            value = (size, LittleEndian) switch
            {
                (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(field),
                (2, false) => BinaryPrimitives.ReadUInt16BigEndian(field),
                (_, true) => BinaryPrimitives.ReadUInt32LittleEndian(field),
                _ => BinaryPrimitives.ReadUInt32BigEndian(field),
            };
            return true;
        }

        // An entry is tag, type (3: 16 bits, 4: 32 bits), count, and the values themselves or, beyond 4 bytes, their offset.
        public bool TryReadValues(long entry, List<uint> values)
        {
            if (!TryRead(entry + 2, 2, out var type) || !TryRead(entry + 4, 4, out var count) || !TryRead(entry + 8, 4, out var offset))
            {
                return false;
            }

            var size = type == 3 ? 2 : 4;
            var at = count * (ulong)size <= 4 ? entry + 8 : offset;
            for (var i = 0u; i < count; i++, at += size)
            {
                if (!TryRead(at, size, out var value))
                {
                    return false;
                }

                values.Add(value);
            }

            return true;
        }
    }
}
