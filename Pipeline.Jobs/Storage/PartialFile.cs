namespace Pipeline.Jobs.Storage;

/// <summary>A file that is being written beside its later place; listings hide it. Disposing deletes what was not moved.</summary>
internal sealed class PartialFile : IDisposable
{
    private const string Beginning = ".pipeline-", End = ".partial";

    public PartialFile(string folder) => Path = System.IO.Path.Combine(folder, $"{Beginning}{Guid.NewGuid():n}{End}");

    public string Path { get; }

    public static bool IsName(ReadOnlySpan<char> name) =>
        name.StartsWith(Beginning) && name.EndsWith(End) && name.Length == Beginning.Length + 32 + End.Length;

    public async Task WriteAsync(Stream content, CancellationToken cancellationToken)
    {
        var file = new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        await using (file)
        {
            await content.CopyToAsync(file, 1 << 20, cancellationToken);
            file.Flush(flushToDisk: true);
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(Path);
        }
        catch (Exception exception) when (LocalFaults.IsFault(exception))
        {
            // What stays is never listed, and DiscardPartialWritesAsync removes it; the first error is the one to report.
        }
    }
}
