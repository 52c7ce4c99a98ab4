using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;
using Pipeline.Model.Tests.Golden;

namespace Pipeline.Model.Tests.Imaging;

public sealed class ImageProcessorTests
{
    public static TheoryData<string, string> Cases =>
        [.. GoldenCase.V1Names.Select(name => ("v1", name)), .. GoldenCase.V2Names.Select(name => ("v2", name))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_crop_is_the_references(string version, string name)
    {
        var golden = Pixels.ReadJson(version, "cases", $"{name}.json");
        var crops = Process(version, golden.GetProperty("image").GetString()!);

        var expected = golden.GetProperty("crops").EnumerateArray().Select(crop => crop.GetProperty("sha256_rgb_hwc_u8").GetString());
        Assert.Equal(expected, Enumerable.Range(0, crops.Count).Select(index => Pixels.Sha256(Crop(crops, index))));
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
