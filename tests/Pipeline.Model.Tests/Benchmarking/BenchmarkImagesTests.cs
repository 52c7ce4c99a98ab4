using System.Security.Cryptography;
using Pipeline.Model.Benchmarking;
using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Benchmarking;

public sealed class BenchmarkImagesTests
{
    private static IReadOnlyList<byte[]> Files => BenchmarkImages.Read(ReferenceData.Folder("bench", "images"));

    [Theory]
    [InlineData(DragonflyVersion.V1, 224)]
    [InlineData(DragonflyVersion.V2, 336)]
    public void No_two_crops_are_equal(DragonflyVersion version, int size) =>
        Assert.Equal(1, BenchmarkImages.DistinctCrops(new ImageProcessor(version, size), BenchmarkImages.Vary(Files, 20)));

    [Fact]
    public void Equal_images_are_found_out()
    {
        byte[] file = Files[0];

        Assert.InRange(BenchmarkImages.DistinctCrops(new ImageProcessor(DragonflyVersion.V1, 224), [file, file, file, file]), 0, 0.25);
    }

    [Fact]
    public void They_are_as_large_as_their_files_in_pixels_and_about_so_in_bytes()
    {
        IReadOnlyList<byte[]> files = Files;
        IReadOnlyList<byte[]> varied = BenchmarkImages.Vary(files, 20);

        Assert.Equal(20, varied.Count);
        Assert.All(varied.Index(), image =>
        {
            byte[] file = files[image.Index % files.Count];
            Assert.Equal(SizeOf(file), SizeOf(image.Item));
            Assert.InRange(image.Item.Length, file.Length * 0.7, file.Length * 1.3);
        });
    }

    [Fact]
    public void The_same_files_give_the_same_images()
    {
        IReadOnlyList<byte[]> first = BenchmarkImages.Vary(Files, 10), second = BenchmarkImages.Vary(Files, 10);

        Assert.Equal(first.Select(SHA256.HashData), second.Select(SHA256.HashData));
    }

    [Fact]
    public void A_folder_without_jpegs_is_named()
    {
        using TinyCheckpoint checkpoint = new();

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => BenchmarkImages.Read(checkpoint.Folder));

        Assert.Contains(checkpoint.Folder, error.Message);
        Assert.Contains("name a folder of JPEGs", error.Message);
    }

    private static (int, int) SizeOf(byte[] encoded)
    {
        using RgbImage image = ImageDecoder.Decode(encoded, new ImageLimits());
        return (image.Facts.Width, image.Facts.Height);
    }
}
