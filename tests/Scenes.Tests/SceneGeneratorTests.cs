using System.IO.Hashing;

namespace Scenes.Tests;

public sealed class SceneGeneratorTests
{
    private const int Scenes = 400;

    private static readonly SceneOptions s_options = new();

    private static readonly IReadOnlyList<Scene> s_scenes =
        [.. Enumerable.Range(0, Scenes).Select(index => SceneGenerator.Draw(SceneSeeds.Training(index), s_options))];

    // The pixels and texts of a seed are part of what a trained checkpoint means: whoever changes them trains again, and changes this.
    [Fact]
    public void A_seed_gives_the_same_pixels_and_texts_on_every_machine()
    {
        var pixels = new XxHash64();
        var texts = new XxHash64();
        foreach (var scene in s_scenes.Take(50))
        {
            pixels.Append(scene.Rgb);
            texts.Append(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', scene.Captions.Concat(scene.Questions.Select(question => $"{question}")))));
        }

        Assert.Equal(("55C0C8BE03D47DFE", "594CF2DA985D2F61"), (Convert.ToHexString(pixels.GetCurrentHash()), Convert.ToHexString(texts.GetCurrentHash())));
    }

    [Fact]
    public void Objects_and_signs_lie_in_the_image_and_apart()
    {
        foreach (var scene in s_scenes)
        {
            var image = new PixelBox(0, 0, scene.Width, scene.Height);
            Assert.Equal(3 * scene.Width * scene.Height, scene.Rgb.Length);
            Assert.All(scene.Objects, item => Assert.True(image.Contains(item.Box)));
            Assert.All(scene.Signs, sign => Assert.True(image.Contains(sign.Box)));
            Assert.All(Pairs(scene.Objects), pair => Assert.False(pair.Item1.Box.Overlaps(pair.Item2.Box)));
            Assert.All(Pairs(scene.Objects), pair => Assert.NotEqual((pair.Item1.Shape, pair.Item1.Colour), (pair.Item2.Shape, pair.Item2.Colour)));
            Assert.All(scene.Signs, sign => Assert.All(scene.Objects.Index(), item =>
                Assert.Equal(item.Index == sign.Object, item.Item.Box.Overlaps(sign.Box))));
        }
    }

    [Fact]
    public void Places_are_what_the_boxes_say()
    {
        foreach (var scene in s_scenes)
        {
            foreach (var (item, other) in Pairs(scene.Objects))
            {
                Assert.Equal(Math.Sign(item.Place.Column - other.Place.Column), Compare(Middle(item.Box.Left, item.Box.Right), Middle(other.Box.Left, other.Box.Right), scene.Width));
                Assert.Equal(Math.Sign(item.Place.Row - other.Place.Row), Compare(Middle(item.Box.Top, item.Box.Bottom), Middle(other.Box.Top, other.Box.Bottom), scene.Height));
            }
        }

        static double Middle(int from, int to) => (from + to) / 2.0;

        // In one row or column where the middles are less than an eighth of the image apart: places differ by more.
        static int Compare(double one, double two, int length) => Math.Abs(one - two) < length / 8.0 ? 0 : Math.Sign(one - two);
    }

    [Fact]
    public void An_object_has_its_colour_where_its_box_says()
    {
        foreach (var scene in s_scenes)
        {
            foreach (var item in scene.Objects.Where((_, index) => scene.Signs.All(sign => sign.Object != index)))
            {
                var (x, y) = (item.Box.Left + (item.Box.Width / 2), item.Box.Top + (item.Box.Height / 2));
                x = item.Shape is SceneShape.Ring ? item.Box.Left + (int)(item.Box.Width * 0.115) : x; // in the band
                Assert.Equal(item.Colour, NearestColour(scene.Rgb.AsSpan(((y * scene.Width) + x) * 3, 3)));
            }
        }
    }

    [Fact]
    public void Large_things_are_larger_than_small_ones_in_every_image()
    {
        double Share(Scene scene, SceneObject item) => item.Box.Width / Math.Sqrt((double)scene.Width * scene.Height);
        var shares = s_scenes.SelectMany(scene => scene.Objects.Select(item => (item.Size, Share: Share(scene, item)))).ToLookup(item => item.Size, item => item.Share);
        Assert.True(shares[SceneSize.Large].Min() > 1.1 * shares[SceneSize.Small].Max());
    }

    [Fact]
    public void Options_are_kept_to()
    {
        var easy = new SceneOptions { MinObjects = 1, MaxObjects = 2, SignShare = 0, WideShare = 0, VeryWideShare = 0 };
        for (var index = 0; index < 100; index++)
        {
            var scene = SceneGenerator.Draw(SceneSeeds.Training(index), easy);
            Assert.InRange(scene.Objects.Count, 1, 2);
            Assert.Empty(scene.Signs);
            Assert.InRange((double)scene.Width / scene.Height, 0.73, 1.37);
        }

        var always = new SceneOptions { MaxObjects = 3, SignShare = 1, SignOnObjectShare = 0, WordShare = 1 };
        Assert.All(Enumerable.Range(0, 100), index =>
            Assert.False(Assert.Single(SceneGenerator.Draw(SceneSeeds.Training(index), always).Signs).IsNumber));
    }

    [Fact]
    public void An_option_that_can_not_be_is_named() =>
        Assert.Contains("MaxObjects must be 3 to 4", Assert.Throws<ArgumentOutOfRangeException>(
            () => SceneGenerator.Draw(0, new SceneOptions { MinObjects = 3, MaxObjects = 2 })).Message);

    private static IEnumerable<(SceneObject, SceneObject)> Pairs(IReadOnlyList<SceneObject> items) =>
        items.SelectMany((item, index) => items.Skip(index + 1), (item, other) => (item, other)).Where(pair => pair.item != pair.other)
            .Where(pair => pair.item.Place != pair.other.Place);

    private static SceneColour NearestColour(ReadOnlySpan<byte> pixel)
    {
        (int R, int G, int B) seen = (pixel[0], pixel[1], pixel[2]);
        return Enum.GetValues<SceneColour>().MinBy(colour =>
        {
            var (r, g, b) = Typical(colour);
            return Math.Abs(seen.R - r) + Math.Abs(seen.G - g) + Math.Abs(seen.B - b);
        });
    }

    private static (int R, int G, int B) Typical(SceneColour colour) => colour switch
    {
        SceneColour.Red => (220, 30, 30),
        SceneColour.Green => (30, 140, 50),
        SceneColour.Blue => (30, 70, 220),
        SceneColour.Yellow => (240, 220, 30),
        SceneColour.Orange => (240, 130, 20),
        SceneColour.Purple => (140, 40, 180),
        SceneColour.Black => (10, 10, 10),
        _ => (245, 245, 245),
    };
}
