using System.Text;
using NetVips;
using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;

namespace Pipeline.Model.Tests.Imaging;

public sealed class DamagedImageTests
{
    public static TheoryData<string> Formats =>
        [".jpg", ".jpg[interlace]", ".png", ".png[interlace]", ".webp", ".tif", ".tif[compression=lzw]", ".gif", ".avif"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_that_breaks_off_is_truncated(string format)
    {
        var whole = Noise(200, 150, format);
        foreach (var share in new[] { 0.05, 0.1, 0.3, 0.5, 0.8, 0.9, 0.97 })
        {
            var fault = Fault(whole[..(int)(whole.Length * share)]);
            Assert.True(fault == ImageFault.Truncated, $"{format} cut at {share:P0}: {fault}");
        }
    }

    [Fact]
    public void A_jpeg_without_its_last_byte_is_truncated() => Assert.Equal(ImageFault.Truncated, Fault(Noise(64, 64, ".jpg")[..^1]));

    // PNG's last chunk, of 12 bytes, holds nothing.
    [Theory]
    [InlineData(".png", 13)]
    [InlineData(".png[interlace]", 13)]
    [InlineData(".tif", 1)]
    [InlineData(".tif[compression=lzw]", 1)]
    [InlineData(".tif[tile]", 1)]
    [InlineData(".webp", 1)]
    [InlineData(".avif", 1)]
    public void A_file_without_its_last_bytes_is_truncated(string format, int missing) =>
        Assert.Equal(ImageFault.Truncated, Fault(Noise(200, 150, format)[..^missing]));

    [Fact]
    public void A_png_whose_pixels_are_all_there_needs_no_end() => Assert.Null(Fault(Noise(64, 64, ".png")[..^12]));

    [Fact]
    public void A_png_with_a_changed_byte_is_corrupt()
    {
        var png = Noise(64, 64, ".png");
        png[png.Length / 2] ^= 0x55;
        Assert.Equal(ImageFault.Corrupt, Fault(png));
    }

    [Fact]
    public void No_bytes_are_an_empty_file() => Assert.Equal(ImageFault.Empty, Fault([]));

    [Theory]
    [InlineData("x")]
    [InlineData("This is a text file named photo.jpg.")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>")]
    [InlineData("RIFF____WAVEfmt ")]
    public void Text_is_not_an_image(string content) => Assert.Equal(ImageFault.NotAnImage, Fault(Encoding.UTF8.GetBytes(content)));

    [Fact]
    public void A_bomb_is_refused_by_its_header()
    {
        var row = new byte[3 * 30_000];
        var bomb = HandmadePng.Write(30_000, 30_000, 8, HandmadePng.Rgb, Enumerable.Repeat(row, 30_000));
        var before = Stats.MemHighwater;
        var fault = Assert.Throws<ImageException>(() => Pixels.Decode(bomb));
        Assert.Equal(ImageFault.TooLarge, fault.Fault);
        Assert.Contains("30,000 × 30,000", fault.Message, StringComparison.Ordinal);
        Assert.InRange(Stats.MemHighwater, 0ul, Math.Max(before, 64ul << 20));
    }

    [Fact]
    public void A_header_alone_is_enough_to_refuse()
    {
        var header = HandmadePng.Write(30_000, 30_000, 8, HandmadePng.Rgb, []);
        Assert.Equal(ImageFault.TooLarge, Fault(header));
    }

    [Fact]
    public void The_limit_itself_is_allowed()
    {
        var image = Noise(20, 10, ".png");
        Assert.Equal(20, new ImageProcessor(DragonflyVersion.V2, 14, new ImageLimits { MaxPixels = 200 }).Process(image).Image.Width);
        var fault = Assert.Throws<ImageException>(() =>
            new ImageProcessor(DragonflyVersion.V2, 14, new ImageLimits { MaxPixels = 199 }).Process(image));
        Assert.Equal(ImageFault.TooLarge, fault.Fault);
    }

    [Fact]
    public void A_line_of_a_million_pixels_is_allowed_and_a_longer_one_refused()
    {
        var processor = new ImageProcessor(DragonflyVersion.V2, 14);
        Assert.Equal(41, processor.Process(Line(1_000_000)).Count);
        Assert.Equal(ImageFault.TooLarge, Assert.Throws<ImageException>(() => processor.Process(Line(1_000_001))).Fault);

        static byte[] Line(int length) => HandmadePng.Write(length, 1, 8, HandmadePng.Grey, [new byte[length]]);
    }

    [Fact]
    public void Random_damage_never_ends_in_another_exception()
    {
        var random = new Random(20240607);
        foreach (var format in Formats)
        {
            var whole = Noise(60, 40, format);
            for (var round = 0; round < 60; round++)
            {
                var damaged = (byte[])whole.Clone();
                for (var change = 0; change <= round / 10; change++)
                {
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                }

                // Throws for anything but success and ImageException.
                _ = Fault(damaged);
            }
        }
    }

    private static ImageFault? Fault(byte[] bytes)
    {
        try
        {
            Pixels.Decode(bytes);
            return null;
        }
        catch (ImageException e)
        {
            Assert.NotEmpty(e.Message);
            return e.Fault;
        }
    }

    private static byte[] Noise(int width, int height, string format)
    {
        var rgb = new byte[width * height * 3];
        new Random(7).NextBytes(rgb);
        using var raw = Image.NewFromMemory(rgb, width, height, 3, Enums.BandFormat.Uchar);
        using var image = raw.Copy(interpretation: Enums.Interpretation.Srgb);
        return image.WriteToBuffer(format);
    }
}
