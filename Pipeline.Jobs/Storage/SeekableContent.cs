namespace Pipeline.Jobs.Storage;

/// <summary>Content that can be read more than once: the stream itself if it can be rewound, else a temporary file of it.</summary>
internal sealed class SeekableContent : IAsyncDisposable
{
    private readonly bool ownsContent;

    private SeekableContent(Stream content, bool ownsContent)
    {
        Content = content;
        Start = content.Position;
        this.ownsContent = ownsContent;
    }

    public Stream Content { get; }

    /// <summary>Where the content begins in the stream.</summary>
    public long Start { get; }

    public static async Task<SeekableContent> OfAsync(Stream content, CancellationToken cancellationToken)
    {
        if (content.CanSeek)
        {
            return new SeekableContent(content, ownsContent: false);
        }

        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            await content.CopyToAsync(file, cancellationToken);
            file.Position = 0;
            return new SeekableContent(file, ownsContent: true);
        }
        catch (Exception exception)
        {
            file?.Dispose();
            if (LocalFaults.IsFault(exception))
            {
                throw LocalFaults.Translate(path, exception);
            }

            throw;
        }
    }

    public ValueTask DisposeAsync() => ownsContent ? Content.DisposeAsync() : ValueTask.CompletedTask;
}
