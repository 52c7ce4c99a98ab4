using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;
using Pipeline.Model.Tests.Golden;

namespace Pipeline.Model.Tests.Imaging;

public sealed class ImageProcessorTests
{
    public static TheoryData<string, string> Cases =>
        [.. GoldenCases.V1Names.Select(name => ("v1", name)), .. GoldenCases.V2Names.Select(name => ("v2", name))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_crop_is_the_references(string version, string name)
    {
        var golden = Pixels.ReadJson(version, "cases", $"{name}.json");
        var crops = Process(version, golden.GetProperty("image").GetString()!);

        var expected = golden.GetProperty("crops").EnumerateArray().Select(crop => crop.GetProperty("sha256_rgb_hwc_u8").GetString());
        Assert.Equal(expected, Enumerable.Range(0, crops.Count).Select(index => Pixels.Sha256(Crop(crops, index))));
    }

    [Theory]
    [InlineData("v1", 2)]
    [InlineData("v2", 0)]
    [InlineData("v2", 3)]
    public void Crops_are_those_the_reference_saved_as_pictures(string version, int index)
    {
        var golden = Pixels.ReadJson(version, "cases", "square.json");
        var saved = Pixels.Decode(Pixels.Golden(version, "crops", $"square_crop{index}.png")).Rgb;
        Assert.Equal(saved, Crop(Process(version, golden.GetProperty("image").GetString()!), index).ToArray());
    }

    [Fact]
    public void Part_of_an_array_and_a_whole_array_are_the_same_image()
    {
        var png = File.ReadAllBytes(Pixels.Golden("images", "tiny_50x37.png"));
        byte[] padded = [1, 2, 3, .. png, 4, 5];
        var processor = new ImageProcessor(DragonflyVersion.V1, 28);
        var whole = processor.Process(png);
        var part = processor.Process(padded.AsMemory(3, png.Length));
        Assert.Equal(whole.Pixels, part.Pixels);
        Assert.Equal(new ImageFacts(50, 37, "png"), part.Image);
        Assert.Equal((29, 28), (part.Count, part.Size));
    }

    [Fact]
    public void Decoded_pixels_give_the_same_crops_as_the_file()
    {
        var path = Pixels.Golden("images", "tiny_50x37.png");
        var (facts, rgb) = Pixels.Decode(path);
        var processor = new ImageProcessor(DragonflyVersion.V2, 28);
        Assert.Equal(processor.Process(File.ReadAllBytes(path)).Pixels, processor.Process(rgb, facts).Pixels);
        Assert.Throws<ArgumentException>(() => processor.Process(rgb.AsSpan(1), facts));
    }

    private static ImageCrops Process(string version, string image)
    {
        var path = image.EndsWith(".jpg", StringComparison.Ordinal) ? image[..^4] + ".decoded.png" : image;
        var processor = version == "v1"
            ? new ImageProcessor(DragonflyVersion.V1, 224)
            : new ImageProcessor(DragonflyVersion.V2, 336);
        return processor.Process(File.ReadAllBytes(Pixels.Golden(path)));
    }

    private static ReadOnlySpan<byte> Crop(ImageCrops crops, int index)
    {
        var bytes = crops.Size * crops.Size * 3;
        return crops.Pixels.AsSpan(index * bytes, bytes);
    }
}
