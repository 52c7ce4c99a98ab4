using NetVips;
using Pipeline.Model.Imaging;

namespace Pipeline.Model.Tests.Imaging;

public sealed class ThumbnailTests
{
    [Theory]
    [InlineData(400, 100, 64, 16)]
    [InlineData(100, 400, 16, 64)]
    [InlineData(30, 20, 30, 20)]
    public void A_thumbnail_keeps_the_shape_and_grows_nothing(int width, int height, int expectedWidth, int expectedHeight)
    {
        using Image image = Image.Black(width, height, bands: 3) + new double[] { 200, 30, 30 };
        byte[] png = image.Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb).PngsaveBuffer();

        using Image small = Image.NewFromBuffer(Thumbnail.Jpeg(png, side: 64));

        Assert.Equal((expectedWidth, expectedHeight), (small.Width, small.Height));
        double[] pixel = small.Getpoint(1, 1);
        Assert.InRange(pixel[0], 190, 210);
        Assert.InRange(pixel[1], 20, 40);
    }

    [Fact]
    public void What_is_no_image_is_refused() => Assert.Throws<ImageException>(() => Thumbnail.Jpeg("no image"u8.ToArray(), side: 64));
}
