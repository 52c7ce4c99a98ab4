using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;

namespace Pipeline.Model.Tests.Imaging;

public sealed class ImageLookTests
{
    [Fact]
    public void The_same_picture_in_another_size_has_nearly_the_same_hash() =>
        Assert.InRange(ImageLook.Distance(LookOf(160, 120, seed: 1).PerceptualHash, LookOf(80, 60, seed: 1).PerceptualHash), 0, 6);

    [Fact]
    public void Brightness_alone_changes_few_bits() =>
        Assert.InRange(ImageLook.Distance(LookOf(160, 120, seed: 1).PerceptualHash, LookOf(160, 120, seed: 1, brighter: 20).PerceptualHash), 0, 4);

    [Fact]
    public void Other_pictures_have_other_hashes() =>
        Assert.All(Enumerable.Range(2, 10), seed =>
            Assert.InRange(ImageLook.Distance(LookOf(160, 120, seed: 1).PerceptualHash, LookOf(160, 120, seed).PerceptualHash), 12, 64));

    [Fact]
    public void One_colour_has_no_contrast_and_black_with_white_the_most()
    {
        Assert.Equal(0, LookOf(64, 64, (_, _) => 77).Contrast, 9);
        Assert.Equal(127.5, LookOf(64, 64, (x, _) => (byte)(x < 32 ? 0 : 255)).Contrast, 0.5);
    }

    [Fact]
    public void Crops_smaller_than_the_hash_are_looked_at_all_the_same()
    {
        byte[] pixels = new byte[29 * 8 * 8 * 3];
        var crops = new ImageCrops { Pixels = pixels, Count = 29, Size = 8, Image = new ImageFacts(8, 8, "png") };

        Assert.Equal(0, ImageLook.Of(crops).Contrast);
    }

    /// <summary>Soft blobs, the same ones in any size.</summary>
    private static ImageLook LookOf(int width, int height, int seed, int brighter = 0)
    {
        var random = new Random(seed);
        (double X, double Y, double Size, double Grey)[] blobs = [.. Enumerable.Range(0, 12).Select(_ =>
            (random.NextDouble(), random.NextDouble(), 0.05 + (0.2 * random.NextDouble()), random.NextDouble() < 0.5 ? -90.0 : 90.0))];
        return LookOf(width, height, (x, y) => (byte)Math.Clamp(
            110 + brighter + blobs.Sum(blob => blob.Grey * Math.Exp(
                -(Math.Pow((((x + 0.5) / width) - blob.X) / blob.Size, 2) + Math.Pow((((y + 0.5) / height) - blob.Y) / blob.Size, 2)))), 0, 235 + brighter));
    }

    private static ImageLook LookOf(int width, int height, Func<int, int, byte> grey)
    {
        byte[] pixels = [.. Enumerable.Range(0, width * height).SelectMany(i => Enumerable.Repeat(grey(i % width, i / width), 3))];

        return ImageLook.Of(new ImageProcessor(DragonflyVersion.V1, 56).Process(pixels, new ImageFacts(width, height, "png")));
    }
}
