using Scenes;
using Scenes.Dataset;

namespace Pipeline.Cli.Samples;

/// <summary>The demo's images: the same 24 scenes every time, none of which any model was trained on.</summary>
internal static class SampleImages
{
    private const int Count = 24;

    /// <summary>Which held-out draw: not the one that <c>evaluate</c> begins with.</summary>
    private const int Draw = 1_000;

    public static IReadOnlyList<SampleImage> All { get; } = [.. Enumerable.Range(0, Count).Select(Sample)];

    /// <summary>Writes all images into a folder.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var image in All)
        {
            File.WriteAllBytes(Path.Combine(folder, image.File), SceneImages.Encode(image.Scene).Bytes);
        }
    }

    private static SampleImage Sample(int index)
    {
        var scene = SceneGenerator.Draw(SceneSeeds.HeldOut(Draw, index), new SceneOptions());
        var shown = scene.Objects.Take(2).Select(item => $"{item.Colour}-{item.Shape}").Concat(scene.Signs.Select(_ => "sign"));
        return new SampleImage($"{index + 1:00}-{string.Join('-', shown).ToLowerInvariant()}.{SceneImages.Encode(scene).Extension}", scene);
    }
}

/// <summary>An image and what is true of it.</summary>
/// <param name="File">Its name, which tells some of what it shows.</param>
/// <param name="Scene">Drawn.</param>
internal sealed record SampleImage(string File, Scene Scene);
