using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;

namespace Pipeline.Model.Tests.Execution;

/// <summary>Crops without an image behind them.</summary>
internal static class TestCrops
{
    public static ImageCrops Random(DragonflyConfig config, Random random)
    {
        byte[] pixels = new byte[config.Crops * Bytes(config)];
        random.NextBytes(pixels);
        return Of(config, pixels);
    }

    public static ImageCrops Blank(DragonflyConfig config) => Of(config, new byte[config.Crops * Bytes(config)]);

    public static ImageCrops HalfBlank(ImageCrops image)
    {
        byte[] pixels = [.. image.Pixels];
        pixels.AsSpan(image.Count / 2 * (pixels.Length / image.Count)).Clear();
        return image with { Pixels = pixels };
    }

    private static int Bytes(DragonflyConfig config) => config.Vision.ImageSize * config.Vision.ImageSize * 3;

    private static ImageCrops Of(DragonflyConfig config, byte[] pixels) =>
        new() { Pixels = pixels, Count = config.Crops, Size = config.Vision.ImageSize, Image = new ImageFacts(1, 1, "png") };
}
