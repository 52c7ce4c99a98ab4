using System.Text;
using NetVips;

namespace Pipeline.Cli.Samples;

/// <summary>Draws the demo's images: the same 24 every time, of several sizes, as JPEG and PNG.</summary>
internal static class SampleImages
{
    private static readonly string[] s_kinds = ["circle", "square", "triangle", "star"];
    private static readonly string[] s_colours = ["crimson", "royalblue", "seagreen", "gold", "darkorange", "rebeccapurple"];
    private static readonly string[] s_grounds = ["whitesmoke", "lightblue", "beige", "darkslategray"];
    private static readonly (int Width, int Height)[] s_sizes = [(320, 240), (640, 480), (480, 640), (512, 512), (1280, 720), (400, 1000)];
    private static readonly string[] s_signs = ["STOP", "EXIT", "42", "OPEN", "7", "TOFFEE"];

    /// <summary>All scenes: each of the four shapes as the biggest in six images, one in four with a sign.</summary>
    public static IReadOnlyList<SampleScene> Scenes { get; } = [.. Enumerable.Range(0, s_kinds.Length * s_sizes.Length).Select(Scene)];

    /// <summary>Draws all scenes into a folder.</summary>
    /// <returns>Images drawn.</returns>
    public static int Draw(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (index, scene) in Scenes.Index())
        {
            using var drawn = Image.SvgloadBuffer(Encoding.UTF8.GetBytes(scene.ToSvg()));
            using var flat = drawn.HasAlpha() ? drawn.Flatten() : drawn.Copy();
            var path = Path.Combine(folder, scene.Name);
            if (index % 3 == 2)
            {
                flat.Pngsave($"{path}.png");
            }
            else
            {
                flat.Jpegsave($"{path}.jpg", q: 90);
            }
        }

        return Scenes.Count;
    }

    private static SampleScene Scene(int index)
    {
        var kind = s_kinds[index % s_kinds.Length];
        var colour = s_colours[index % s_colours.Length];
        var (width, height) = s_sizes[index / s_kinds.Length];
        var sign = (index + (index / 4)) % 4 == 1 ? s_signs[index / 4] : null;
        var companion = new SampleShape(
            s_kinds[(index + 1 + (index / 8)) % s_kinds.Length], s_colours[(index + 2) % s_colours.Length], 0.78, 0.24, 0.13);
        return new SampleScene($"{index + 1:00}-{colour}-{kind}{(sign is null ? "" : "-sign")}", width, height, s_grounds[index % 5 % s_grounds.Length])
        {
            Shapes = [new SampleShape(kind, colour, 0.36, 0.45, 0.28), .. index % 2 == 0 ? [companion] : Array.Empty<SampleShape>()],
            Sign = sign,
        };
    }
}
