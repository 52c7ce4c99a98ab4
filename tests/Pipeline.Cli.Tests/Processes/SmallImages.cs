using NetVips;

namespace Pipeline.Cli.Tests.Processes;

/// <summary>Many small images, quick to draw and to annotate.</summary>
internal static class SmallImages
{
    /// <summary>Draws <c>000.png</c>, <c>001.png</c>, … into a folder and returns the names.</summary>
    public static IReadOnlyList<string> Draw(string folder, int count) =>
        Draw(folder, [.. Enumerable.Range(0, count).Select(i => $"{i:000}.png")]);

    /// <summary>Draws <c>000.jpg</c>, <c>001.jpg</c>, … into a folder and returns the names.</summary>
    public static IReadOnlyList<string> DrawJpegs(string folder, int count) =>
        Draw(folder, [.. Enumerable.Range(0, count).Select(i => $"{i:000}.jpg")]);

    public static IReadOnlyList<string> Draw(string folder, IReadOnlyList<string> names)
    {
        Directory.CreateDirectory(folder);
        foreach (var (i, name) in names.Index())
        {
            using var plain = Image.Black(48, 36, bands: 3);
            using var coloured = plain.Linear([1.0, 1.0, 1.0], [(i * 37) % 256, (i * 91) % 256, (i * 53) % 256]);
            using var image = coloured.Cast(Enums.BandFormat.Uchar);
            image.WriteToFile(Path.Combine(folder, name));
        }

        return names;
    }
}
