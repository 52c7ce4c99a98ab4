namespace Pipeline.Jobs.Storage;

/// <summary>A regular file opened for reading, whose later read errors come as <see cref="ObjectStoreException"/> too.</summary>
internal sealed class LocalReadStream : Stream
{
    private readonly string path;
    private readonly FileStream file;

    private LocalReadStream(string path, FileStream file)
    {
        this.path = path;
        this.file = file;
    }

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => file.Length;
    public override long Position { get => file.Position; set => file.Position = value; }

    public static LocalReadStream Open(string path, AllowedPlaces? places = null)
    {
        if (Directory.Exists(path))
        {
            throw LocalFaults.Create(path, Posix.NotFound);
        }

        var errno = Posix.OpenRead(path, out var handle);
        if (errno != 0)
        {
            handle.Dispose();
            throw LocalFaults.Create(path, errno == Posix.NotADirectory ? Posix.NotFound : errno);
        }

        var file = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        if (!Posix.IsRegularFile(handle))
        {
            file.Dispose();
            throw new ObjectStoreException(ObjectStoreFault.Rejected, LocalUri.Of(path), $"'{path}' is a pipe, socket or device, not a regular file.");
        }

        // Of the file that was opened: the link may lead elsewhere by now.
        if (places?.Holds($"/proc/self/fd/{handle.DangerousGetHandle()}") == false)
        {
            file.Dispose();
            throw AllowedPlaces.LeadsOut(path);
        }

        return new LocalReadStream(path, file);
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return file.Read(buffer);
        }
        catch (Exception exception) when (LocalFaults.IsFault(exception))
        {
            throw LocalFaults.Translate(path, exception);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await file.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (LocalFaults.IsFault(exception))
        {
            throw LocalFaults.Translate(path, exception);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("Opened for reading.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Opened for reading.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
