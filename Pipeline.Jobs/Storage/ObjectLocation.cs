using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Jobs.Storage;

/// <summary>Where a folder of objects lies, in the one spelling that canonical specs use: <c>/data/images</c> or <c>s3://bucket/prefix</c>.</summary>
public sealed record ObjectLocation
{
    private const string FileScheme = "file://";
    private const string S3Scheme = "s3://";
    /// <summary>Of a path on Linux; keys of S3 are shorter.</summary>
    private const int Longest = 4_096;

    private const string Forms = "write an absolute path (/data/images), a file:///data/images URI or s3://bucket/prefix";

    private ObjectLocation()
    {
    }

    /// <summary>Absolute and normalised path of a local folder; null for S3.</summary>
    public string? LocalPath { get; private init; }

    /// <summary>Null for a local folder.</summary>
    public string? Bucket { get; private init; }

    /// <summary>What all keys in the bucket start with, without '/' at either end; empty for the whole bucket and for a local folder.</summary>
    public string Prefix { get; private init; } = "";

    /// <summary>The canonical spelling; parsing it again gives the same location.</summary>
    public override string ToString() => LocalPath ?? (Prefix.Length == 0 ? S3Scheme + Bucket : $"{S3Scheme}{Bucket}/{Prefix}");

    /// <summary>The canonical spelling of a location as a person wrote it.</summary>
    /// <exception cref="ObjectLocationException">It is no location.</exception>
    public static string Normalize(string location) => Parse(location).ToString();

    /// <exception cref="ObjectLocationException">The text is no location.</exception>
    public static ObjectLocation Parse(string text) =>
        TryParse(text, out var location, out var fault) ? location : throw new ObjectLocationException(text, fault);

    /// <summary>False with a sentence that names the text and says what to write instead.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ObjectLocation? location, [NotNullWhen(false)] out string? fault)
    {
        (location, fault) = text switch
        {
            _ when string.IsNullOrWhiteSpace(text) => (null, $"A location is missing: {Forms}."),
            { Length: > Longest } => (null, $"A location has {text.Length:N0} characters ('{text[..40]}…'), and {Longest:N0} are allowed: {Forms}."),
            _ when text.Contains('\0') => (null, "A location may not hold a NUL character."),
            _ when text.StartsWith('/') => Local(text),
            _ when text.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase) => FileUri(text),
            _ when text.StartsWith(S3Scheme, StringComparison.OrdinalIgnoreCase) => S3(text),
            _ when text.Contains("://", StringComparison.Ordinal) => (null, $"'{text}' has an unknown scheme: {Forms}."),
            _ => ((ObjectLocation?)null, (string?)$"'{text}' is not an absolute location: {Forms}."),
        };
        return location is not null;
    }

    /// <summary>The key of <paramref name="inner"/> relative to this folder ("" for the same folder), or null if it lies elsewhere.</summary>
    public string? KeyOf(ObjectLocation inner)
    {
        if ((LocalPath is null) != (inner.LocalPath is null) || Bucket != inner.Bucket)
        {
            return null;
        }

        var (outerPath, innerPath) = (LocalPath ?? Prefix, inner.LocalPath ?? inner.Prefix);
        if (innerPath == outerPath)
        {
            return "";
        }

        var folder = outerPath is "" or "/" ? outerPath : outerPath + "/";
        return innerPath.StartsWith(folder, StringComparison.Ordinal) ? innerPath[folder.Length..] : null;
    }

    /// <summary>The folder this lies in and its name there; null for a root, a bucket.</summary>
    internal (ObjectLocation Folder, string Name)? Parent()
    {
        if (LocalPath is not null)
        {
            return Path.GetDirectoryName(LocalPath) is { } folder ? (new ObjectLocation { LocalPath = folder }, Path.GetFileName(LocalPath)) : null;
        }

        var slash = Prefix.LastIndexOf('/');
        return Prefix.Length == 0 ? null : (new ObjectLocation { Bucket = Bucket, Prefix = Prefix[..Math.Max(slash, 0)] }, Prefix[(slash + 1)..]);
    }

    private static (ObjectLocation?, string?) Local(string path) =>
        (new ObjectLocation { LocalPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) }, null);

    private static (ObjectLocation?, string?) FileUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.AbsolutePath.Length == 0)
        {
            return (null, $"'{text}' is not a file URI: {Forms}.");
        }

        if (uri.Host.Length > 0 && uri.Host != "localhost")
        {
            return (null, $"'{text}' names the host '{uri.Host}', and only files of this machine can be read: write file:///… with three slashes.");
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return (null, $"'{text}' holds a bare '?' or '#': write %3F or %23, or use a plain path.");
        }

        return Local(Uri.UnescapeDataString(uri.AbsolutePath));
    }

    private static (ObjectLocation?, string?) S3(string text)
    {
        var parts = text[S3Scheme.Length..].Split('/', 2);
        var prefix = parts.Length > 1 ? parts[1].Trim('/') : "";
        if (parts[0].Length == 0)
        {
            return (null, $"'{text}' names no bucket: write s3://bucket/prefix.");
        }

        // Without path style the bucket is a part of the server's name, and so of where a request goes.
        if (!parts[0].All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') || parts[0][0] is '.' or '-' || parts[0].Contains("..", StringComparison.Ordinal) || parts[0].Length > 255)
        {
            return (null, $"'{parts[0]}' is no name of a bucket: these have letters, digits, '.', '-' and '_'.");
        }

        return prefix.Split('/').Any(segment => segment is "." or "..")
            ? (null, $"'{text}' holds a '.' or '..' segment, which S3 does not resolve: write the prefix in full.")
            : (new ObjectLocation { Bucket = parts[0], Prefix = prefix }, null);
    }
}
