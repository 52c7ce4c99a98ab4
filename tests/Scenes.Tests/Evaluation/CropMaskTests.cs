using Pipeline.Model.Imaging;
using Scenes.Evaluation;

namespace Scenes.Tests.Evaluation;

public sealed class CropMaskTests
{
    private static readonly ImageCrops s_crops = new()
    {
        Pixels = [.. Enumerable.Range(0, 3 * 2 * 2 * 3).Select(value => (byte)value)],
        Count = 3,
        Size = 2,
        Image = new ImageFacts(9, 9, "png"),
    };

    [Fact]
    public void The_zoom_is_grey_and_the_low_resolution_as_it_was()
    {
        var masked = CropMask.Zoom.Apply(s_crops);
        Assert.Equal(s_crops.Pixels[..12], masked.Pixels[..12]);
        Assert.Equal(Enumerable.Repeat<byte[]>([123, 117, 104], 8).SelectMany(pixel => pixel), masked.Pixels[12..]);
        Assert.Equal(12, s_crops.Pixels[12]); // the original is not written
    }

    [Fact]
    public void Nothing_masked_is_the_same() => Assert.Same(s_crops, CropMask.None.Apply(s_crops));
}
