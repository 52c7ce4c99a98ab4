using NetVips;

namespace Pipeline.Benchmarks;

/// <summary>The JPEGs that are measured.</summary>
internal static class ImageSet
{
    /// <summary>Environment variable that names a folder of JPEGs.</summary>
    public const string FolderVariable = "PIPELINE_BENCHMARK_IMAGES";

    private const string FromFolder = "folder";
    private const string Drawn = "drawn";

    /// <summary>The picture drawn here and, where the variable is set, those of its folder.</summary>
    public static IReadOnlyList<string> Names => Folder is null ? [Drawn] : [FromFolder, Drawn];

    private static string? Folder => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? folder : null;

    /// <exception cref="InvalidOperationException">The folder holds no JPEG.</exception>
    public static IReadOnlyList<byte[]> Load(string name)
    {
        if (name == Drawn)
        {
            return [DrawnPicture.Jpeg()];
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
}
