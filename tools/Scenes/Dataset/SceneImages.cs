using NetVips;

namespace Scenes.Dataset;

/// <summary>A scene's pixels as an encoded file.</summary>
public static class SceneImages
{
    private static readonly int[] s_qualities = [60, 75, 85, 95];

    /// <summary>PNG for one scene in four, else JPEG of one of four qualities: which follows from the seed alone.</summary>
    /// <returns>The file's bytes and its extension, "png" or "jpg".</returns>
    public static (byte[] Bytes, string Extension) Encode(Scene scene)
    {
        using var image = ToImage(scene);
        var choice = new SceneRandom(~scene.Seed);
        return choice.Chance(0.25) ? (image.PngsaveBuffer(), "png") : (image.JpegsaveBuffer(q: choice.Of(s_qualities)), "jpg");
    }

    internal static Image ToImage(Scene scene) =>
        Image.NewFromMemoryCopy(scene.Rgb, scene.Width, scene.Height, 3, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
}
