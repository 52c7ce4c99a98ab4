using System.Buffers.Binary;

namespace Pipeline.Model.Imaging;

/// <summary>Where a GIF's first frame lies on the canvas, and the colour that Pillow shows where the frame has none.</summary>
/// <remarks>
/// Pillow drops transparency, so the palette's entry of the transparent index, or else its first, comes to light, also where a
/// small frame leaves canvas free. libvips leaves both black.
/// </remarks>
/// <param name="Left">Pixels of the canvas to the left of the frame.</param>
/// <param name="Top">Pixels above it.</param>
/// <param name="Width">Of the frame; it may reach beyond the canvas.</param>
/// <param name="Height">Likewise.</param>
/// <param name="Hidden">The colour; black where the file has no such palette entry.</param>
internal readonly record struct GifFrame(int Left, int Top, int Width, int Height, (byte Red, byte Green, byte Blue) Hidden)
{
    private const int HeaderLength = 13;
    private const byte Extension = 0x21, GraphicControl = 0xF9, ImageDescriptor = 0x2C;

    /// <summary>The first frame; null where the bytes end before it.</summary>
    public static GifFrame? First(ReadOnlySpan<byte> gif)
    {
        if (gif.Length < HeaderLength)
        {
            return null;
        }

        var global = Table(gif, HeaderLength, gif[10]);
        var at = HeaderLength + global.Length;
        var index = 0;
        while (at + 10 <= gif.Length && gif[at] == Extension)
        {
            // Introducer, label, size 4, flags, delay (2), transparent index.
            if (gif[at + 1] == GraphicControl && (gif[at + 3] & 1) != 0)
            {
                index = gif[at + 6];
            }

            at = SkipBlocks(gif, at + 2);
        }

        if (at + 10 > gif.Length || gif[at] != ImageDescriptor)
        {
            return null;
        }

        var local = Table(gif, at + 10, gif[at + 9]);
        var table = local.IsEmpty ? global : local;
        (byte, byte, byte) hidden = table.Length >= 3 * (index + 1)
            ? (table[3 * index], table[(3 * index) + 1], table[(3 * index) + 2])
            : default;
        return new GifFrame(Number(gif, at + 1), Number(gif, at + 3), Number(gif, at + 5), Number(gif, at + 7), hidden);
    }

    /// <summary>Gives the canvas around the frame the hidden colour.</summary>
    /// <param name="rgb">The canvas, <c>[height, width, 3]</c>.</param>
    /// <param name="width">Of the canvas.</param>
    public void FillAround(Span<byte> rgb, int width)
    {
        var (left, right) = (Math.Min(Left, width), Math.Min(Left + Width, width));
        for (var y = 0; rgb.Length > 0; y++, rgb = rgb[(3 * width)..])
        {
            var inside = y >= Top && y < Top + Height;
            Fill(rgb[..(3 * (inside ? left : width))]);
            Fill(rgb[(3 * (inside ? right : width))..(3 * width)]);
        }
    }

    private void Fill(Span<byte> pixels)
    {
        for (var at = 0; at < pixels.Length; at += 3)
        {
            (pixels[at], pixels[at + 1], pixels[at + 2]) = Hidden;
        }
    }

    private static int Number(ReadOnlySpan<byte> gif, int at) => BinaryPrimitives.ReadUInt16LittleEndian(gif[at..]);

    // Bit 7 of the flags: there is a table; bits 0 to 2: the logarithm of its length, less one.
    private static ReadOnlySpan<byte> Table(ReadOnlySpan<byte> gif, int at, byte flags)
    {
        var length = (flags & 0x80) == 0 ? 0 : 3 * (2 << (flags & 7));
        return at + length <= gif.Length ? gif.Slice(at, length) : default;
    }

    private static int SkipBlocks(ReadOnlySpan<byte> gif, int at)
    {
        while (at < gif.Length && gif[at] != 0)
        {
            at += 1 + gif[at];
        }

        return at + 1;
    }
}
