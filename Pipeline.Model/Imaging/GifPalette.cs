namespace Pipeline.Model.Imaging;

/// <summary>Finds the colour that Pillow shows where a GIF's first frame has none.</summary>
/// <remarks>
/// Pillow drops transparency, so the palette's entry of the transparent index comes to light; libvips forgets it and leaves
/// black. That entry also fills what a smaller first frame leaves of the canvas.
/// </remarks>
internal static class GifPalette
{
    private const int HeaderLength = 13;
    private const byte Extension = 0x21, GraphicControl = 0xF9, ImageDescriptor = 0x2C;

    /// <summary>The colour; black where the file has no such palette entry.</summary>
    public static (byte Red, byte Green, byte Blue) Hidden(ReadOnlySpan<byte> gif)
    {
        if (gif.Length < HeaderLength)
        {
            return default;
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
            return default;
        }

        var local = Table(gif, at + 10, gif[at + 9]);
        var table = local.IsEmpty ? global : local;
        return table.Length >= 3 * (index + 1)
            ? (table[3 * index], table[(3 * index) + 1], table[(3 * index) + 2])
            : default;
    }

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
