using NetVips;
using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;

namespace Pipeline.Model.Tests.Imaging;

public sealed class ImageOverviewTests
{
    [Theory]
    [InlineData(DragonflyVersion.V1, 32, 192, 128)]
    [InlineData(DragonflyVersion.V2, 32, 192, 192)]
    [InlineData(DragonflyVersion.V2, 64, 128, 128)]
    [InlineData(DragonflyVersion.V2, 224, 224, 224)]
    [InlineData(DragonflyVersion.V2, 16, 96, 96)]
    public void The_least_resolution_that_is_large_enough_is_put_together_again(DragonflyVersion version, int cropSize, int width, int height)
    {
        // Brightness grows from left to right and from top to bottom, so a crop in the wrong place is seen.
        using var ramp = (Image.Xyz(300, 200) * new[] { 0.4, 0.6 }).Bandjoin(Image.Black(300, 200)).Cast(Enums.BandFormat.Uchar);
        var overview = ImageOverview.Of(new ImageProcessor(version, cropSize).Process(ramp.PngsaveBuffer()), side: 128);

        Assert.Equal((width, height), (overview.Width, overview.Height));
        using var stretched = ramp.Resize((double)width / 300, vscale: (double)height / 200);
        using var same = Image.NewFromMemory(overview.Rgb, width, height, bands: 3, Enums.BandFormat.Uchar);
        Assert.InRange((same - stretched).Abs().Max(), 0, 4);
    }

    [Fact]
    public void Its_small_picture_has_the_images_shape_and_grows_nothing()
    {
        using var wide = Image.Black(600, 100, bands: 3);
        using var tiny = Image.Black(20, 10, bands: 3);
        Assert.Equal((128, 21), SizeOf(wide));
        Assert.Equal((20, 10), SizeOf(tiny));
    }

    [Fact]
    public void Crops_of_no_plan_are_one_of_the_low_resolution()
    {
        var overview = ImageOverview.Of(new ImageCrops { Pixels = [1, 2, 3], Count = 1, Size = 1, Image = new ImageFacts(40, 30, "jpeg") }, side: 128);
        Assert.Equal([1, 2, 3], overview.Rgb);
    }

    private static (int, int) SizeOf(Image image)
    {
        var crops = new ImageProcessor(DragonflyVersion.V2, 32).Process(image.PngsaveBuffer());
        using var small = Image.NewFromBuffer(Thumbnail.Jpeg(ImageOverview.Of(crops, 128), 128));
        return (small.Width, small.Height);
    }
}
