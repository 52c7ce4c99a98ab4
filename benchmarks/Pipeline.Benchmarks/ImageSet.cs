using NetVips;

namespace Pipeline.Benchmarks;

/// <summary>The JPEGs that are measured.</summary>
internal static class ImageSet
{
    /// <summary>Environment variable that names a folder of JPEGs.</summary>
    public const string FolderVariable = "PIPELINE_BENCHMARK_IMAGES";

    private const string FromFolder = "folder";
    private const string Drawn = "drawn";
    private const int Width = 640, Height = 480;

    /// <summary>The picture drawn here and, where the variable is set, those of its folder.</summary>
    public static IReadOnlyList<string> Names => Folder is null ? [Drawn] : [FromFolder, Drawn];

    private static string? Folder => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? folder : null;

    /// <exception cref="InvalidOperationException">The folder holds no JPEG.</exception>
    public static IReadOnlyList<byte[]> Load(string name)
    {
        if (name == Drawn)
        {
            return [Draw()];
        }

        byte[][] files = [.. Directory.EnumerateFiles(Folder!, "*.jpg").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        return files.Length > 0
            ? files
            : throw new InvalidOperationException($"{FolderVariable} names {Folder}, which holds no *.jpg. Name a folder of JPEGs.");
    }

    /// <summary>What a set is, for a reader of the results.</summary>
    public static string Describe(string name)
    {
        var files = Load(name);
        var sizes = files.Select(Size).Distinct();
        var kilobytes = files.Average(file => file.Length) / 1_000;
        var origin = name == Drawn ? "drawn by the benchmark" : $"from {FolderVariable}";
        return $"{files.Count} JPEG of {string.Join(", ", sizes)}, {kilobytes:F0} kB on average, {origin}";
    }

    private static string Size(byte[] file)
    {
        using var image = Image.NewFromBuffer(file);
        return $"{image.Width}×{image.Height}";
    }

    // Like a photograph to a decoder: slow gradients, texture, a few hard edges and a sensor's noise. The same on every machine.
    private static byte[] Draw()
    {
        using var ramp = Image.Xyz(Width, Height);
        using var gradient = (ramp[0] * (120.0 / Width)) + (ramp[1] * (140.0 / Height));
        using var clouds = Image.Perlin(Width, Height, cellSize: 80, seed: 1) * 40;
        using var grain = Image.Gaussnoise(Width, Height, sigma: 6, mean: 0, seed: 2);
        using var light = gradient + clouds + grain;
        using var colours = light.Bandjoin((light * 0.8) + 30, 220 - light);
        using var canvas = colours.Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        using var picture = canvas.Mutate(edit =>
        {
            edit.DrawRect([200, 60, 40], 60, 250, 150, 180, fill: true);
            edit.DrawCircle([240, 220, 90], 480, 120, 60, fill: true);
            edit.DrawCircle([30, 90, 50], 330, 330, 90, fill: true);
            edit.DrawLine([15, 15, 20], 0, 430, 639, 380);
        });
        return picture.JpegsaveBuffer(q: 90);
    }
}
