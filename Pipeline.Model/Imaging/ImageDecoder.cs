using System.Runtime.InteropServices;
using NetVips;

namespace Pipeline.Model.Imaging;

/// <summary>Encoded bytes to RGB, as Pillow's <c>Image.open(f).convert("RGB")</c> gives it.</summary>
/// <remarks>
/// Thread-safe; runs on the caller's thread. The parsers are native code: what a stranger sent is decoded in a process that may die.
/// </remarks>
public static class ImageDecoder
{
    /// <summary>Classes of libvips' loaders of the formats that <see cref="ImageFormat"/> knows.</summary>
    private static readonly string[] s_loaders =
        ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadTiff", "VipsForeignLoadNsgif", "VipsForeignLoadHeif"];

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

    /// <summary>Takes from this process, for good, every loader of libvips but those of the formats known here: no other parser ever sees the bytes.</summary>
    public static void BlockOtherLoaders()
    {
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in s_loaders)
        {
            Operation.Block(loader, false);
        }
    }

    /// <param name="encoded">An image file.</param>
    /// <param name="limits">What is refused before decoding.</param>
    /// <param name="target">Asked once, when the size is known and allowed.</param>
    /// <exception cref="ImageException">The bytes can't be decoded, or are of more pixels than allowed; those are not decoded.</exception>
    public static ImageFacts Decode(ReadOnlyMemory<byte> encoded, ImageLimits limits, PixelTarget target)
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
            return Read(image, format, encoded, limits, target);
        }
        catch (VipsException e)
        {
            throw ImageFormat.IsCutOff(format, encoded.Span)
                ? CutOff(format, encoded, e)
                : new ImageException(ImageFault.Corrupt, $"The {format} file is damaged and can't be decoded.", e);
        }
    }

    /// <inheritdoc cref="Decode(ReadOnlyMemory{byte}, ImageLimits, PixelTarget)"/>
    internal static RgbImage Decode(ReadOnlyMemory<byte> encoded, ImageLimits limits)
    {
        RgbImage? rgb = null;
        try
        {
            Decode(encoded, limits, facts => (rgb = new RgbImage(facts)).Pixels);
            return rgb!;
        }
        catch
        {
            rgb?.Dispose();
            throw;
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

    private static ImageFacts Read(Image image, string format, ReadOnlyMemory<byte> encoded, ImageLimits limits, PixelTarget target)
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
        var facts = new ImageFacts(width, height, format);
        var rgb = target(facts);
        CopyRows(eightBit, layout, rgb);
        frame?.FillAround(rgb, width);
        return facts;
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

/// <summary>Memory for the pixels of an image.</summary>
/// <returns>uint8 RGB, <c>[height, width, 3]</c>, of any content.</returns>
public delegate Span<byte> PixelTarget(ImageFacts image);
