using Amazon.S3;
using Amazon.S3.Model;

namespace Pipeline.Jobs.Storage;

/// <summary>An object's content; a connection that is cut or stalls is taken up again where it broke off, at the same version.</summary>
internal sealed class S3ReadStream : Stream
{
    /// <summary>Longest wait for the next bytes of an open download.</summary>
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(30);

    private readonly IAmazonS3 client;
    private readonly S3Retry retry;
    private readonly GetObjectRequest request;
    private readonly string uri;

    /// <summary>Where the stream begins in the object.</summary>
    private readonly long start;
    private GetObjectResponse? response;
    private long position;

    private S3ReadStream(IAmazonS3 client, S3Retry retry, GetObjectRequest request, string uri, GetObjectResponse response)
    {
        (this.client, this.retry, this.request, this.uri, this.response) = (client, retry, request, uri, response);
        Length = response.ContentLength;
        start = request.ByteRange?.Start ?? 0;
        request.EtagToMatch = response.ETag;
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length { get; }
    public override long Position { get => position; set => throw new NotSupportedException("Downloads run forward only."); }

    public static async Task<Stream> OpenAsync(
        IAmazonS3 client, S3Retry retry, GetObjectRequest request, string uri, CancellationToken cancellationToken)
    {
        var response = await retry.RunAsync(uri, token => client.GetObjectAsync(request, token), cancellationToken);
        return new S3ReadStream(client, retry, request, uri, response);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (position == Length || buffer.Length == 0)
        {
            return 0;
        }

        var read = await retry.RunAsync(uri, token => ReadOnceAsync(buffer, token), cancellationToken);
        position += read;
        return read;
    }

    private async Task<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(StallTimeout);
        try
        {
            if (response is null)
            {
                request.ByteRange = new ByteRange(start + position, start + Length - 1);
                response = await client.GetObjectAsync(request, stall.Token);
            }

            var read = await response.ResponseStream.ReadAsync(buffer, stall.Token);
            return read > 0 ? read : throw new IOException($"The connection ended after {position} of {Length} bytes");
        }
        catch
        {
            response?.Dispose();
            response = null;
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Downloads are read asynchronously.");

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("Downloads run forward only.");

    public override void SetLength(long value) => throw new NotSupportedException("Opened for reading.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Opened for reading.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            response?.Dispose();
            response = null;
        }

        base.Dispose(disposing);
    }
}
