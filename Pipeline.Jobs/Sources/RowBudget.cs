using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Sources;

/// <summary>A text file that is read row by row, and refused where a row does not end: a reader of lines would hold all of it.</summary>
/// <param name="content">The file; disposed with this.</param>
/// <param name="uri">Its URI.</param>
internal sealed class RowBudget(Stream content, string uri) : Stream
{
    /// <summary>Longest row, in bytes. Readers read some kilobytes ahead of it.</summary>
    public const int Longest = 16 << 20;

    private int _read;

    /// <summary>Rows read so far.</summary>
    public int Rows { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>A row was read.</summary>
    public void Next()
    {
        _read = 0;
        Rows++;
    }

    public override int Read(Span<byte> buffer) => Count(content.Read(buffer));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Count(await content.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Count(int read) => (_read += read) <= Longest
        ? read
        : throw new ObjectStoreException(
            ObjectStoreFault.Rejected, uri, $"'{uri}': row {Rows + 1} has more than {Longest:N0} bytes: is it such a table, with line breaks? Write shorter rows.");
}
