using System.Diagnostics;
using Amazon.Runtime.Internal.Util;
using Amazon.S3;
using Amazon.S3.Model;

namespace Pipeline.Jobs.Storage;

/// <summary>
/// An object's content; a connection that is cut, stalls or drips is taken up again where it broke off, at the same version. With the last byte the whole
/// is compared with the checksum that S3 gave.
/// </summary>
internal sealed class S3ReadStream : Stream
{
    /// <summary>Connections that may be too slow before the content is.</summary>
    private const int SlowConnections = 3;

    private readonly IAmazonS3 client;
    private readonly S3Retry retry;
    private readonly S3Bodies bodies;
    private readonly GetObjectRequest request;
    private readonly string uri;
    private readonly BodySum? sum;

    /// <summary>Where the stream begins in the object.</summary>
    private readonly long start;
    private GetObjectResponse? response;
    private BodyPace pace;
    private long position;
    private int slow;

    private S3ReadStream(IAmazonS3 client, S3Retry retry, S3Bodies bodies, GetObjectRequest request, string uri, GetObjectResponse response)
    {
        (this.client, this.retry, this.bodies, this.request, this.uri, this.response) = (client, retry, bodies, request, uri, response);
        Length = response.ContentLength;
        start = request.ByteRange?.Start ?? 0;
        sum = request.ByteRange is null ? BodySum.Of(response, bodies.MeaningIn(request.BucketName)) : null;
        pace = bodies.NewPace();
        request.EtagToMatch = response.ETag;
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length { get; }
    public override long Position { get => position; set => throw new NotSupportedException("Downloads run forward only."); }

    public static async Task<Stream> OpenAsync(
        IAmazonS3 client, S3Retry retry, S3Bodies bodies, GetObjectRequest request, string uri, CancellationToken cancellationToken)
    {
        var response = await retry.RunAsync(uri, token => client.GetObjectAsync(request, token), cancellationToken);
        return new S3ReadStream(client, retry, bodies, request, uri, response);
    }

    /// <exception cref="ObjectStoreException">
    /// Also with the last bytes, which are not handed out then: <see cref="ObjectStoreFault.Corrupt"/> if the whole is not what S3 holds.
    /// </exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (position == Length || buffer.Length == 0)
        {
            return 0;
        }

        var read = await retry.RunAsync(uri, token => ReadOnceAsync(buffer, token), cancellationToken);
        position += read;
        sum?.Append(buffer.Span[..read]);
        if (position == Length && sum?.Differs() is { } difference)
        {
            throw new ObjectStoreException(ObjectStoreFault.Corrupt, uri, $"'{uri}' came damaged ({difference}): try again, and upload it anew if it stays so.");
        }

        return read;
    }

    private async Task<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(pace.Left);
        var waiting = Stopwatch.StartNew();
        try
        {
            if (response is null)
            {
                request.ByteRange = new ByteRange(start + position, start + Length - 1);
                response = await client.GetObjectAsync(request, patience.Token);
            }

            var read = await BodyOf(response).ReadAsync(buffer, patience.Token);
            pace.Add(waiting.Elapsed, read);
            return read > 0 ? read : throw new IOException($"The connection ended after {position} of {Length} bytes");
        }
        catch
        {
            response?.Dispose();
            response = null;
            pace = bodies.NewPace();
            if (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new SlowBodyException(position, Length, ++slow >= SlowConnections);
            }

            throw;
        }
    }

    /// <summary>Without the SDK's own comparison with the ETag, which takes every ETag for a sum and knows nothing of contents that come over two connections.</summary>
    private static Stream BodyOf(GetObjectResponse response) =>
        response.ResponseStream is WrapperStream wrapper ? wrapper.GetNonWrapperBaseStream() : response.ResponseStream;

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
            sum?.Dispose();
        }

        base.Dispose(disposing);
    }
}
