namespace Pipeline.Model.Imaging;

/// <summary>How 8-bit pixels lie in memory, and how they become RGB by Pillow's arithmetic.</summary>
/// <param name="Bands">Bytes of a pixel. 1: grey, 2: grey and alpha, more: RGB or CMYK and whatever else. Alpha is dropped.</param>
/// <param name="IsCmyk">The first four bands are inks, 0 for none: libvips and Pillow both turn a JPEG's inverted inks round.</param>
/// <param name="Hidden">If set, the colour of pixels whose fourth band is 0.</param>
internal readonly record struct PixelLayout(int Bands, bool IsCmyk, (byte Red, byte Green, byte Blue)? Hidden = null)
{
    /// <summary>Converts whole pixels; <paramref name="rgb"/> takes three bytes for each.</summary>
    public void ToRgb(ReadOnlySpan<byte> pixels, Span<byte> rgb)
    {
        if (IsCmyk && Bands >= 4)
        {
            FromCmyk(pixels, rgb);
        }
        else if (Bands == 3)
        {
            pixels.CopyTo(rgb);
        }
        else
        {
            var (green, blue) = Bands < 3 ? (0, 0) : (1, 2);
            for (int from = 0, to = 0; to < rgb.Length; from += Bands, to += 3)
            {
                rgb[to] = pixels[from];
                rgb[to + 1] = pixels[from + green];
                rgb[to + 2] = pixels[from + blue];
            }
        }

        if (Hidden is { } hidden && Bands == 4)
        {
            Reveal(pixels, rgb, hidden);
        }
    }

    private static void Reveal(ReadOnlySpan<byte> pixels, Span<byte> rgb, (byte Red, byte Green, byte Blue) hidden)
    {
        for (int alpha = 3, to = 0; to < rgb.Length; alpha += 4, to += 3)
        {
            if (pixels[alpha] == 0)
            {
                (rgb[to], rgb[to + 1], rgb[to + 2]) = hidden;
            }
        }
    }

    private void FromCmyk(ReadOnlySpan<byte> pixels, Span<byte> rgb)
    {
        for (int from = 0, to = 0; to < rgb.Length; from += Bands, to += 3)
        {
            var light = 255 - pixels[from + 3];
            for (var band = 0; band < 3; band++)
            {
                rgb[to + band] = (byte)Math.Max(0, light - ProductOver255(pixels[from + band], light));
            }
        }
    }

    // a * b / 255, rounded, as Pillow's MULDIV255.
    private static int ProductOver255(int a, int b)
    {
        var product = (a * b) + 128;
        return ((product >> 8) + product) >> 8;
    }
}
