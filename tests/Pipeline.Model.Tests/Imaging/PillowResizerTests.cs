namespace Pipeline.Model.Tests.Imaging;

public sealed class PillowResizerTests
{
    [Fact]
    public void Every_reference_resize_is_bit_exact()
    {
        var items = Pixels.ReadJson("preprocess", "resize.json").GetProperty("items").EnumerateArray().ToList();
        var sources = new Dictionary<string, (Model.Imaging.ImageFacts Facts, byte[] Rgb)>();
        var wrong = new List<string>();
        foreach (var item in items)
        {
            var name = item.GetProperty("src").GetString()!;
            if (!sources.TryGetValue(name, out var source))
            {
                source = sources[name] = Pixels.Decode(Pixels.Golden("preprocess", name));
            }

            var target = item.GetProperty("target_wh");
            var (width, height) = (target[0].GetInt32(), target[1].GetInt32());
            var resized = Pixels.Resize(source.Rgb, source.Facts.Width, source.Facts.Height, width, height);
            if (Pixels.Sha256(resized) != item.GetProperty("sha256_rgb_hwc_u8").GetString())
            {
                wrong.Add($"{name} to {width}x{height}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(items.Count > 100, $"only {items.Count} items");
    }
}
