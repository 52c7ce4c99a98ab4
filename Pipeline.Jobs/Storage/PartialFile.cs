namespace Pipeline.Jobs.Storage;

/// <summary>
/// A file that is being written beside its later place; listings hide it. It stays open, and so locked, until it is disposed: that
/// is how a live one is told from what a killed process has left. The lock is a shared one, for it stays with the file when that gets
/// its name: readers may come at once. Disposing deletes it unless it was moved.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private const string Beginning = ".pipeline-", End = ".partial";
    private const int MostTries = 10;

    private readonly FileStream file;

    public PartialFile(string folder) => (Path, file) = Create(folder);

    public string Path { get; }

    public static bool IsName(ReadOnlySpan<char> name) =>
        name.StartsWith(Beginning) && name.EndsWith(End) && name.Length == Beginning.Length + 32 + End.Length;

    /// <summary>Deletes one that nobody writes any more.</summary>
    public static void Discard(string path)
    {
        try
        {
            using var unused = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            File.Delete(path);
        }
        catch (IOException)
        {
            // Its writer lives, or has just finished.
        }
    }

    public async Task WriteAsync(Stream content, CancellationToken cancellationToken)
    {
        await content.CopyToAsync(file, 1 << 20, cancellationToken);
        file.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
        try
        {
            File.Delete(Path);
        }
        catch (Exception exception) when (LocalFaults.IsFault(exception))
        {
            // What stays is never listed, and Discard removes it; the first error is the one to report.
        }

        file.Dispose();
    }

    /// <summary>Between making a file and locking it a sweep may take it for one that a killed process has left; then another is made.</summary>
    private static (string Path, FileStream File) Create(string folder)
    {
        for (var left = MostTries; ; left--)
        {
            var path = System.IO.Path.Combine(folder, $"{Beginning}{Guid.NewGuid():n}{End}");
            try
            {
                // Never read, but for writing alone .NET takes a shared lock only where it knows the file system, and on NFS and SMB none.
                var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
                if (File.Exists(path) || left == 1)
                {
                    return (path, file);
                }

                file.Dispose();
            }
            catch (IOException e) when (left > 1 && e.GetType() == typeof(IOException))
            {
                // The sweep held it when it was to be locked.
            }
        }
    }
}
