using Pipeline.Model.Execution.Vision;
using Pipeline.Model.Imaging;

namespace Pipeline.Model.Tests.Execution;

public sealed class CropBatchTests
{
    [Fact]
    public void Equal_crops_of_any_image_are_one()
    {
        var batch = new CropBatch([Image(1, 2, 1), Image(2, 3, 1)]);

        Assert.Equal(3, batch.Count);
        Assert.Equal([0, 1, 0], batch.Crops[0]);
        Assert.Equal([1, 2, 0], batch.Crops[1]);
        Assert.Equal([1, 2, 3], Enumerable.Range(0, 3).Select(index => batch.Pixels(index)[0]));
    }

    private static ImageCrops Image(params byte[] crops) => new()
    {
        Pixels = [.. crops.SelectMany(value => Enumerable.Repeat(value, 12))],
        Count = crops.Length,
        Size = 2,
        Image = new ImageFacts(1, 1, "png"),
    };
}
