namespace Pipeline.Jobs.Planning;

/// <summary>Which objects of a source are its images.</summary>
public static class ImageFiles
{
    /// <summary>Endings, without dot and in lower case, of the formats that are decoded here.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
        ["avif", "gif", "heic", "heif", "jfif", "jpe", "jpeg", "jpg", "png", "tif", "tiff", "webp"];

    private static readonly HashSet<string> Known = new(Extensions, StringComparer.OrdinalIgnoreCase);

    /// <summary>True for a key with a known ending in any case that is not hidden.</summary>
    public static bool IsImage(string key)
    {
        var dot = key.LastIndexOf('.');
        return dot >= 0 && Known.Contains(key[(dot + 1)..]) && !IsHidden(key);
    }

    /// <summary>Whether a segment is hidden (".cache"), or is an output's "_pipeline".</summary>
    public static bool IsHidden(string key) => key.Split('/').Any(static segment => segment.StartsWith('.') || segment == "_pipeline");

    /// <summary>What a person can do about a source without any.</summary>
    public static string DescribeEndings() =>
        $"put files there that end with {string.Join(", ", Extensions.Select(ending => "." + ending))}, or name another";
}
