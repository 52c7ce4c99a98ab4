using FsCheck;
using FsCheck.Fluent;
using Pipeline.Model.Imaging;

namespace Pipeline.Model.Tests.Imaging;

public sealed class PillowResizerTests
{
    [Fact]
    public void Every_reference_resize_is_bit_exact()
    {
        var items = Pixels.ReadJson("preprocess", "resize.json").GetProperty("items").EnumerateArray().ToList();
        var sources = new Dictionary<string, (ImageFacts Facts, byte[] Rgb)>();
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

    [Fact]
    public void Vector_and_scalar_arithmetic_agree() =>
        Prop.ForAll(Resizes(), resize =>
        {
            var rgb = Random(resize.Width, resize.Height, resize.Seed);
            var expected = Scalar(rgb, resize.Width, resize.Height, resize.NewWidth, resize.NewHeight);
            Assert.Equal(expected, Pixels.Resize(rgb, resize.Width, resize.Height, resize.NewWidth, resize.NewHeight));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Cells_hold_what_the_whole_image_holds_there() =>
        Prop.ForAll(Resizes(), resize =>
        {
            const int Columns = 3, Rows = 2;
            var rgb = Random(resize.Width, resize.Height, resize.Seed);
            var target = new ResizeTarget(Columns * resize.NewWidth, Rows * resize.NewHeight, resize.NewWidth, resize.NewHeight);
            var whole = Pixels.Resize(rgb, resize.Width, resize.Height, target.Width, target.Height);
            var cells = new byte[whole.Length];
            PillowResizer.Resize(rgb, resize.Width, resize.Height, target, cells);
            for (var cell = 0; cell < Columns * Rows; cell++)
            {
                for (var y = 0; y < resize.NewHeight; y++)
                {
                    var inCell = cells.AsSpan(((cell * resize.NewHeight) + y) * target.CellRowBytes, target.CellRowBytes);
                    var row = (cell / Columns * resize.NewHeight) + y;
                    var inWhole = whole.AsSpan((row * target.RowBytes) + (cell % Columns * target.CellRowBytes), target.CellRowBytes);
                    Assert.True(inCell.SequenceEqual(inWhole), $"cell {cell}, row {y}");
                }
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1, 1, 5, 7)]
    [InlineData(9, 4, 9, 4)]
    [InlineData(40, 3, 1, 1)]
    public void One_colour_stays_that_colour(int width, int height, int newWidth, int newHeight)
    {
        Assert.Equal(Plain(newWidth * newHeight), Pixels.Resize(Plain(width * height), width, height, newWidth, newHeight));

        static byte[] Plain(int pixels) => [.. Enumerable.Repeat<byte[]>([3, 128, 255], pixels).SelectMany(pixel => pixel)];
    }

    private static Arbitrary<(int Width, int Height, int NewWidth, int NewHeight, int Seed)> Resizes()
    {
        var length = Gen.OneOf(Gen.Choose(1, 9), Gen.Choose(1, 150));
        return (from width in length
                from height in length
                from newWidth in length
                from newHeight in length
                from seed in Gen.Choose(0, int.MaxValue - 1)
                select (width, height, newWidth, newHeight, seed)).ToArbitrary();
    }

    // Extremes, where rounding and clamping show.
    private static byte[] Random(int width, int height, int seed)
    {
        var random = new Random(seed);
        var rgb = new byte[width * height * 3];
        random.NextBytes(rgb);
        return seed % 2 == 0 ? rgb : [.. rgb.Select(value => value < 128 ? byte.MinValue : byte.MaxValue)];
    }

    private static byte[] Scalar(byte[] rgb, int width, int height, int newWidth, int newHeight)
    {
        var stretched = rgb;
        if (newWidth != width)
        {
            var pass = new HorizontalPass(width, newWidth);
            stretched = new byte[newWidth * height * 3];
            for (var y = 0; y < height; y++)
            {
                pass.RunScalar(rgb.AsSpan(y * width * 3, width * 3), stretched.AsSpan(y * newWidth * 3, newWidth * 3));
            }
        }

        if (newHeight == height)
        {
            return stretched;
        }

        var weights = new ResizeWeights(height, newHeight);
        using var vertical = new VerticalPass(weights.MaxCount);
        var output = new byte[newWidth * newHeight * 3];
        for (var y = 0; y < newHeight; y++)
        {
            vertical.Use(weights.Of(y));
            var offsets = Enumerable.Range(weights.First(y), weights.Of(y).Length).Select(row => row * newWidth * 3).ToArray();
            vertical.RunScalar(stretched, offsets, output.AsSpan(y * newWidth * 3, newWidth * 3));
        }

        return output;
    }
}
