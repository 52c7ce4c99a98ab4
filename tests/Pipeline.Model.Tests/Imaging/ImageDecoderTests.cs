using NetVips;
using Pipeline.Model.Imaging;

namespace Pipeline.Model.Tests.Imaging;

public sealed class ImageDecoderTests
{
    // Another JPEG decoder may differ by as much; the one in use here doesn't differ at all from Pillow's.
    private const int JpegTolerance = 3;

    public static TheoryData<string> Modes =>
        ["L", "LA", "RGBA", "P", "1", "P_trns", "cmyk_jpg", "gray_jpg", "rgb420_jpg", "rgb444_jpg", "progressive_jpg"];

    public static TheoryData<string> GoldenImages =>
    [
        "square.png", "wide_4x1.png", "tall_1x4.png", "tiny_50x37.png", "large_1500x1100.png", "gray_L.png", "rgba.png", "palette_P.png",
        "exif6.decoded.png",
    ];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_mode_becomes_rgb_as_in_pillow(string name)
    {
        var mode = Pixels.ReadJson("preprocess", "modes.json").GetProperty(name);
        var file = mode.GetProperty("file").GetString()!;
        var (facts, rgb) = Pixels.Decode(Pixels.Golden("preprocess", file));
        if (file.EndsWith(".png", StringComparison.Ordinal))
        {
            Assert.Equal(mode.GetProperty("sha256_rgb_hwc_u8").GetString(), Pixels.Sha256(rgb));
            Assert.Equal(ImageFormat.Png, facts.Format);
        }
        else
        {
            var expected = Pixels.Decode(Pixels.Golden("preprocess", mode.GetProperty("rgb").GetString()!)).Rgb;
            AssertClose(expected, rgb, JpegTolerance);
            Assert.Equal(ImageFormat.Jpeg, facts.Format);
        }
    }

    [Theory]
    [MemberData(nameof(GoldenImages))]
    public void Golden_images_decode_to_the_references_pixels(string name)
    {
        var (_, rgb) = Pixels.Decode(Pixels.Golden("images", name));
        var entry = Pixels.ReadJson("images", "images.json").GetProperty(name.Replace(".decoded.png", ".jpg", StringComparison.Ordinal));
        Assert.Equal(entry.GetProperty("rgb_sha256").GetString(), Pixels.Sha256(rgb));
    }

    [Fact]
    public void Exif_orientation_is_ignored()
    {
        var entry = Pixels.ReadJson("images", "images.json").GetProperty("exif6.jpg");
        Assert.Equal(6, entry.GetProperty("exif_orientation").GetInt32());
        var (facts, rgb) = Pixels.Decode(Pixels.Golden("images", "exif6.jpg"));
        var (expectedFacts, expected) = Pixels.Decode(Pixels.Golden("images", "exif6.decoded.png"));
        Assert.Equal((expectedFacts.Width, expectedFacts.Height), (facts.Width, facts.Height));
        AssertClose(expected, rgb, JpegTolerance);
    }

    [Fact]
    public void A_tiffs_orientation_is_applied_as_in_pillow()
    {
        using var image = Ramp().Mutate(mutable => mutable.Set(GValue.GIntType, "orientation", 6));
        var (facts, rgb) = Pixels.Decode(image.TiffsaveBuffer());
        Assert.Equal((20, 30, ImageFormat.Tiff), (facts.Width, facts.Height, facts.Format));
        // Orientation 6: the stored lower left corner is shown at the upper left.
        Assert.Equal([0, 19 * 12, 7], rgb[..3]);
    }

    [Fact]
    public void Of_16_bits_the_upper_8_count()
    {
        byte[] grey = [0x00, 0xFF, 0x80, 0x00, 0xFF, 0x01];
        var fromGrey = Pixels.Decode(HandmadePng.Write(3, 1, 16, HandmadePng.Grey, [grey])).Rgb;
        Assert.Equal([0, 0, 0, 0x80, 0x80, 0x80, 0xFF, 0xFF, 0xFF], fromGrey);
        byte[] rgb = [0x12, 0xFF, 0x34, 0x00, 0x56, 0x80];
        Assert.Equal([0x12, 0x34, 0x56], Pixels.Decode(HandmadePng.Write(1, 1, 16, HandmadePng.Rgb, [rgb])).Rgb);
    }

    [Fact]
    public void Of_an_animated_gif_the_first_frame_counts()
    {
        byte[] palette = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120];
        var gif = HandmadeGif.Write(2, 2, palette, null, [0, 1, 2, 3], [3, 3, 3, 3]);
        var (facts, rgb) = Pixels.Decode(gif);
        Assert.Equal(new ImageFacts(2, 2, ImageFormat.Gif), facts);
        Assert.Equal(palette, rgb);
    }

    [Fact]
    public void Transparent_pixels_of_a_gif_show_their_palette_colour_as_in_pillow()
    {
        byte[] palette = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120];
        Assert.Equal(palette, Pixels.Decode(HandmadeGif.Write(2, 2, palette, transparent: 2, [0, 1, 2, 3])).Rgb);
    }

    // Indices as Pillow 9.4 shows them, row by row; a frame that reaches beyond the canvas widens it.
    [Theory]
    [InlineData(null, 1, 1, 2, 1, 4, "0000" + "0120" + "0000")]
    [InlineData(2, 1, 1, 2, 1, 4, "2222" + "2122" + "2222")]
    [InlineData(3, 0, 2, 4, 1, 4, "3333" + "3333" + "1212")]
    [InlineData(null, 3, 0, 2, 2, 5, "00012" + "00012" + "00000")]
    public void Around_a_small_frame_of_a_gif_the_canvas_is_of_the_palettes_colour_as_in_pillow(
        int? transparent, int left, int top, int width, int height, int canvas, string expected)
    {
        byte[] palette = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120];
        byte[] frame = [.. Enumerable.Range(0, width * height).Select(i => (byte)(1 + (i % 2)))];
        var (facts, rgb) = Pixels.Decode(HandmadeGif.Write(4, 3, palette, (byte?)transparent, (left, top, width, height), frame));
        Assert.Equal((canvas, 3), (facts.Width, facts.Height));
        Assert.Equal(expected.SelectMany(index => palette.Skip(3 * (index - '0')).Take(3)), rgb);
    }

    [Theory]
    [InlineData(".png[interlace]", "png")]
    [InlineData(".webp[lossless]", "webp")]
    [InlineData(".tif[compression=lzw]", "tiff")]
    [InlineData(".tif[tile,pyramid]", "tiff")]
    public void Lossless_formats_give_back_every_pixel(string target, string format)
    {
        using var image = Ramp();
        var (facts, rgb) = Pixels.Decode(image.WriteToBuffer(target));
        Assert.Equal(new ImageFacts(30, 20, format), facts);
        Assert.Equal(image.WriteToMemory<byte>(), rgb);
    }

    [Fact]
    public void Avif_is_read()
    {
        using var image = Ramp();
        var (facts, rgb) = Pixels.Decode(image.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, lossless: true));
        Assert.Equal(new ImageFacts(30, 20, ImageFormat.Avif), facts);
        AssertClose(image.WriteToMemory<byte>(), rgb, JpegTolerance);
    }

    [Fact]
    public async Task Many_threads_may_decode_at_once()
    {
        string[] names = ["square.png", "palette_P.png", "exif6.jpg", "large_1500x1100.png"];
        var files = names.Select(name => File.ReadAllBytes(Pixels.Golden("images", name))).ToArray();
        var alone = files.Select(file => Pixels.Sha256(Pixels.Decode(file).Rgb)).ToArray();
        var tasks = Enumerable.Range(0, 32).Select(i => Task.Run(() => Pixels.Sha256(Pixels.Decode(files[i % files.Length]).Rgb)));
        var together = await Task.WhenAll(tasks);
        Assert.All(together, (hash, i) => Assert.Equal(alone[i % files.Length], hash));
    }

    private static Image Ramp()
    {
        var rgb = new byte[30 * 20 * 3];
        for (var pixel = 0; pixel < 30 * 20; pixel++)
        {
            (rgb[3 * pixel], rgb[(3 * pixel) + 1], rgb[(3 * pixel) + 2]) = ((byte)(pixel % 30 * 8), (byte)(pixel / 30 * 12), 7);
        }

        return Image.NewFromMemory(rgb, 30, 20, 3, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
    }

    private static void AssertClose(byte[] expected, byte[] actual, int tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), 0, tolerance);
    }
}
