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
        var rgb = new byte[width * height * 3];
        for (int at = 0; at < rgb.Length; at += 3)
        {
            (rgb[at], rgb[at + 1], rgb[at + 2]) = (200, 30, 30);
        }

        using Image small = Image.NewFromBuffer(Thumbnail.Jpeg(rgb, new ImageFacts(width, height, "png"), side: 64));

        Assert.Equal((expectedWidth, expectedHeight), (small.Width, small.Height));
        double[] pixel = small.Getpoint(1, 1);
        Assert.InRange(pixel[0], 190, 210);
        Assert.InRange(pixel[1], 20, 40);
    }
}
