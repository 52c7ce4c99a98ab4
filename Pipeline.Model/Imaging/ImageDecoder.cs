using System.Runtime.InteropServices;
using NetVips;

namespace Pipeline.Model.Imaging;

/// <summary>Encoded bytes to RGB, as Pillow's <c>Image.open(f).convert("RGB")</c> gives it.</summary>
/// <remarks>Thread-safe; runs on the caller's thread.</remarks>
internal static class ImageDecoder
{
    // Small enough to stay in the second-level cache between libvips' write and our read.
    private const int StripBytes = 64 * 1024;

    // libvips' settings are the process's own: many images are decoded side by side, so none needs threads of its own, and no
    // operation is ever repeated, so a cache would only keep images alive.
    static ImageDecoder()
    {
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        // Damage shows as an ImageException; libvips' own lines on standard error would only repeat it, many times over.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, static (_, _, _) => { });
    }

    /// <exception cref="ImageException">The bytes can't be decoded, or are of more pixels than allowed; those are not decoded.</exception>
    public static RgbImage Decode(ReadOnlyMemory<byte> encoded, ImageLimits limits)
    {
        if (encoded.IsEmpty)
        {
            throw new ImageException(ImageFault.Empty, "The file is empty.");
        }

        var format = ImageFormat.Of(encoded.Span) ?? throw new ImageException(
            ImageFault.NotAnImage, "The content is not a JPEG, PNG, WebP, TIFF, GIF, HEIF or AVIF image.");
        // A TIFF's directory may stand at its end, and without its palette libvips would show grey.
        if (format == ImageFormat.Tiff && ImageFormat.IsCutOff(format, encoded.Span))
        {
            throw CutOff(format, encoded, inner: null);
        }

        try
        {
            using var image = Open(encoded, format);
            return Read(image, format, encoded, limits);
        }
        catch (VipsException e)
        {
            throw ImageFormat.IsCutOff(format, encoded.Span)
                ? CutOff(format, encoded, e)
                : new ImageException(ImageFault.Corrupt, $"The {format} file is damaged and can't be decoded.", e);
        }
    }

    private static ImageException CutOff(string format, ReadOnlyMemory<byte> encoded, Exception? inner) =>
        new(ImageFault.Truncated, $"The {format} file breaks off before its end (after {encoded.Length:N0} bytes).", inner);

    // Reads the header only. EXIF orientation is left alone, as Pillow does; a TIFF's, which is no EXIF, Pillow applies.
    private static Image Open(ReadOnlyMemory<byte> encoded, string format)
    {
        var bytes = MemoryMarshal.TryGetArray(encoded, out var segment) && segment.Count == segment.Array!.Length
            ? segment.Array
            : encoded.ToArray();
        var image = Load(bytes, Enums.Access.Sequential);
        if (format != ImageFormat.Tiff || !image.Contains("orientation") || (int)image.Get("orientation") <= 1)
        {
            return image;
        }

        image.Dispose();
        using var unturned = Load(bytes, Enums.Access.Random);
        return unturned.Autorot();
    }

    private static Image Load(byte[] bytes, Enums.Access access) =>
        Image.NewFromBuffer(bytes, access: access, failOn: Enums.FailOn.Error);

    private static RgbImage Read(Image image, string format, ReadOnlyMemory<byte> encoded, ImageLimits limits)
    {
        var (width, height) = (image.Width, image.Height);
        var limit = Math.Min(limits.MaxPixels, Array.MaxLength / 3);
        if ((long)width * height > limit)
        {
            throw new ImageException(
                ImageFault.TooLarge, $"The image has {width:N0} × {height:N0} pixels, and {limit:N0} are allowed. Scale it down.");
        }

        if (Math.Max(width, height) > limits.MaxSide)
        {
            throw new ImageException(
                ImageFault.TooLarge, $"The image is {width:N0} × {height:N0} pixels, and a side may have {limits.MaxSide:N0}. Scale it down.");
        }

        using var eightBit = EightBit(image);
        var frame = format == ImageFormat.Gif ? GifFrame.First(encoded.Span) : null;
        var layout = new PixelLayout(
            eightBit.Bands, IsCmyk: eightBit.Interpretation == Enums.Interpretation.Cmyk, Hidden: frame?.Hidden);
        var rgb = new RgbImage(new ImageFacts(width, height, format));
        try
        {
            CopyRows(eightBit, layout, rgb.Pixels);
            frame?.FillAround(rgb.Pixels, width);
            return rgb;
        }
        catch
        {
            rgb.Dispose();
            throw;
        }
    }

    // Of 16 bits the upper 8 count, as in Pillow's RGB;16B. (Pillow 9.4 makes 16-bit grey nearly white; that is not copied.)
    private static Image EightBit(Image image)
    {
        if (image.Interpretation is Enums.Interpretation.Lab or Enums.Interpretation.Labs or Enums.Interpretation.Xyz)
        {
            return image.Colourspace(Enums.Interpretation.Srgb);
        }

        return image.Cast(Enums.BandFormat.Uchar, shift: image.Format == Enums.BandFormat.Ushort);
    }

    private static void CopyRows(Image image, PixelLayout layout, Span<byte> rgb)
    {
        var (width, height) = (image.Width, image.Height);
        using var region = Region.New(image);
        var rows = Math.Clamp(StripBytes / (width * image.Bands), 1, height);
        for (var top = 0; top < height; top += rows)
        {
            var count = Math.Min(rows, height - top);
            layout.ToRgb(region.Fetch(0, top, width, count), rgb.Slice(top * width * 3, count * width * 3));
        }
    }
}
