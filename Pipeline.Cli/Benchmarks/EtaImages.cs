using NetVips;
using Scenes;
using Scenes.Dataset;

namespace Pipeline.Cli.Benchmarks;

/// <summary>Images of several kinds, on which a worker takes longer or shorter.</summary>
internal static class EtaImages
{
    public const string Usual = "scenes";

    public static readonly IReadOnlyList<string> Kinds = [Usual, "small", "large", "broken"];

    /// <summary>Which held-out draw.</summary>
    private const int Draw = 2_000;

    private const int SmallSide = 64, LargeSide = 3_000;

    /// <summary>Draws so many of each kind into folders of their names; those that are there stay.</summary>
    public static void Write(string folder, int count)
    {
        foreach (var kind in Kinds)
        {
            Directory.CreateDirectory(Path.Combine(folder, kind));
        }

        Parallel.For(0, count, index =>
        {
            var files = Kinds.Select(kind => NameOf(folder, kind, index)).ToList();
            if (files.TrueForAll(File.Exists))
            {
                return;
            }

            var bytes = SceneImages.Encode(SceneGenerator.Draw(SceneSeeds.HeldOut(Draw, index), new SceneOptions())).Bytes;
            using var small = Image.ThumbnailBuffer(bytes, SmallSide);
            using var large = Image.ThumbnailBuffer(bytes, LargeSide);
            byte[][] encoded = [bytes, small.JpegsaveBuffer(), large.JpegsaveBuffer(), bytes[..(bytes.Length / 3)]];
            foreach (var (file, content) in files.Zip(encoded))
            {
                File.WriteAllBytes(file, content);
            }
        });
    }

    /// <summary>Of an image, whatever it is encoded as: the worker looks at the bytes.</summary>
    public static string NameOf(string folder, string kind, int index) => Path.Combine(folder, kind, $"{index:00000}.jpg");
}
