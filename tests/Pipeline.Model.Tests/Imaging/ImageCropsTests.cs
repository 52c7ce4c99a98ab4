using Pipeline.Model.Imaging;

namespace Pipeline.Model.Tests.Imaging;

public sealed class ImageCropsTests
{
    private static readonly ImageFacts s_facts = new(40, 30, "jpeg");

    [Fact]
    public void Crops_of_the_same_pixels_have_the_same_hash_and_others_another()
    {
        var crops = Crops(1, 2, 1);

        Assert.Equal(crops.Hashes[0], crops.Hashes[2]);
        Assert.NotEqual(crops.Hashes[0], crops.Hashes[1]);
        Assert.Equal(crops.Crop(0), crops.Crop(2));
    }

    [Fact]
    public void A_copy_with_other_pixels_has_their_hashes()
    {
        var crops = Crops(1, 2, 3);
        _ = crops.Hashes;

        var blank = crops with { Pixels = new byte[crops.Pixels.Length] };

        Assert.Single(blank.Hashes.Distinct());
        Assert.NotEqual(crops.Hashes[0], blank.Hashes[0]);
        Assert.NotEqual(crops, blank);
        Assert.Single((crops with { Count = 1 }).Hashes);
    }

    [Fact]
    public void Equality_is_that_of_the_content()
    {
        Assert.Equal(Crops(1, 2), Crops(1, 2));
        Assert.Equal(Crops(1, 2).GetHashCode(), Crops(1, 2).GetHashCode());
        Assert.NotEqual(Crops(1, 2), Crops(1, 3));
        Assert.NotEqual(Crops(1, 2), Crops(1, 2) with { Image = s_facts with { Width = 41 } });
        Assert.Equal(Crops(1, 2), Crops(1, 2) with { Image = s_facts with { Width = 41 } }, SamePixels.Comparer);
        Assert.NotEqual(Crops(1, 2), Crops(1, 2) with { Size = 1 }, SamePixels.Comparer);
    }

    private static ImageCrops Crops(params byte[] values) => new()
    {
        Pixels = [.. values.SelectMany(value => Enumerable.Repeat(value, 2 * 2 * 3))],
        Count = values.Length,
        Size = 2,
        Image = s_facts,
    };
}
