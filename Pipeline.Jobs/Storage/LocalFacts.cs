namespace Pipeline.Jobs.Storage;

/// <summary>Length and version of files.</summary>
internal static class LocalFacts
{
    /// <summary>The facts of a file, or of the file that a link leads to; null if there is none.</summary>
    public static StoredObject? Of(string key, FileInfo file)
    {
        var content = file.Exists && file.Attributes.HasFlag(FileAttributes.ReparsePoint) ? TargetOf(file) : file;
        return content is { Exists: true }
            ? new StoredObject(key, content.Length, $"{content.Length:x}-{content.LastWriteTimeUtc.Ticks:x}")
            : null;
    }

    private static FileInfo? TargetOf(FileInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        }
        catch (IOException)
        {
            // Links that lead to each other.
            return null;
        }
    }
}
