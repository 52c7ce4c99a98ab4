namespace Pipeline.Jobs.Storage;

/// <summary>An object as a stream that can be read at any place, a piece at a time; what is skipped is not fetched.</summary>
internal sealed class ObjectStream : Stream
{
    private const int PieceBytes = 1 << 18;

    private readonly IObjectStore store;
    private readonly StoredObject file;
    private byte[] piece = [];
    private long pieceStart;

    private ObjectStream(IObjectStore store, StoredObject file) => (this.store, this.file) = (store, file);

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => file.Bytes;
    public override long Position { get; set; }

    private bool IsLoaded => Position >= pieceStart && Position < pieceStart + piece.Length;

    /// <exception cref="ObjectStoreException">The object cannot be read.</exception>
    public static async Task<Stream> OpenAsync(IObjectStore store, StoredObject file, CancellationToken cancellationToken) =>
        store is LocalObjectStore ? await store.OpenReadAsync(file.Key, cancellationToken) : new ObjectStream(store, file);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= Length || buffer.Length == 0)
        {
            return 0;
        }

        if (!IsLoaded)
        {
            await LoadAsync(Position, (int)Math.Min(Math.Max(buffer.Length, PieceBytes), Length - Position), cancellationToken);
        }

        return Take(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Reads what <see cref="LoadAsync"/> has fetched.</summary>
    public override int Read(byte[] buffer, int offset, int count)
    {
        if (Position >= Length || count == 0)
        {
            return 0;
        }

        return IsLoaded ? Take(buffer.AsSpan(offset, count)) : throw new NotSupportedException("Objects are read asynchronously.");
    }

    /// <summary>Fetches a piece, for readers that read some of it synchronously.</summary>
    public async Task LoadAsync(long offset, int length, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenRangeAsync(file.Key, offset, length, file.ETag, cancellationToken);
        var bytes = new byte[length];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        (piece, pieceStart) = (bytes, offset);
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("Opened for reading.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Opened for reading.");

    private int Take(Span<byte> buffer)
    {
        var found = piece.AsSpan((int)(Position - pieceStart));
        var read = Math.Min(found.Length, buffer.Length);
        found[..read].CopyTo(buffer);
        Position += read;
        return read;
    }
}
