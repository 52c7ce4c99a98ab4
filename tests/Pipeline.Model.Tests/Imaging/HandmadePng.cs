using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Pipeline.Model.Tests.Imaging;

/// <summary>Writes PNGs chunk by chunk, so that tests decide every byte.</summary>
internal static class HandmadePng
{
    public const byte Grey = 0, Rgb = 2;

    /// <param name="width">As the header says it.</param>
    /// <param name="height">As the header says it.</param>
    /// <param name="bits">Of one sample.</param>
    /// <param name="colour">PNG's colour type.</param>
    /// <param name="rows">Samples, big-endian, row by row; as many rows as the file shall hold.</param>
    public static byte[] Write(int width, int height, byte bits, byte colour, IEnumerable<byte[]> rows)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bits, colour);

        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            foreach (var row in rows)
            {
                zlib.WriteByte(0);
                zlib.Write(row);
            }
        }

        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", pixels.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        var chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(body.Length + 4), Crc(body));
        return chunk;
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
