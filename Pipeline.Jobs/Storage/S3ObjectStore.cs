using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;

namespace Pipeline.Jobs.Storage;

/// <summary>Objects of an S3 bucket below a prefix.</summary>
internal sealed class S3ObjectStore(IAmazonS3 client, S3Retry retry, S3Bodies bodies, S3Creation creation, string bucket, string prefix) : IObjectStore
{
    private readonly string root = prefix.Length == 0 ? "" : prefix + "/";

    public string Uri { get; } = prefix.Length == 0 ? $"s3://{bucket}" : $"s3://{bucket}/{prefix}";

    public string UriOf(string key) => $"{Uri}/{key}";

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = root + prefix };
        ListObjectsV2Response page;
        do
        {
            page = await retry.RunAsync(UriOf(prefix), token => client.ListObjectsV2Async(request, token), cancellationToken);
            foreach (var found in page.S3Objects ?? [])
            {
                // The folder's own marker, which consoles make, has no key here.
                if (found.Key.Length > root.Length)
                {
                    yield return new StoredObject(found.Key[root.Length..], found.Size ?? 0, Version(found.ETag));
                }
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    public async Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var found = await Request(key, (name, token) => client.GetObjectMetadataAsync(bucket, name, token), cancellationToken);
            return new StoredObject(key, found.ContentLength, Version(found.ETag));
        }
        catch (ObjectStoreException missing) when (missing.Fault == ObjectStoreFault.NotFound)
        {
            return null;
        }
    }

    public Task<Stream> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKeys.Check(this, key);
        return S3ReadStream.OpenAsync(client, retry, bodies, new GetObjectRequest { BucketName = bucket, Key = root + key }, UriOf(key), cancellationToken);
    }

    public async Task<Stream> OpenRangeAsync(string key, long offset, long length, string etag, CancellationToken cancellationToken)
    {
        ObjectKeys.Check(this, key);
        if (length == 0)
        {
            return Stream.Null;
        }

        var request = new GetObjectRequest
        {
            BucketName = bucket,
            Key = root + key,
            ByteRange = new ByteRange(offset, offset + length - 1),
            EtagToMatch = $"\"{etag}\"",
        };
        try
        {
            return await S3ReadStream.OpenAsync(client, retry, bodies, request, UriOf(key), cancellationToken);
        }
        catch (ObjectStoreException changed) when (changed.InnerException is AmazonS3Exception
        {
            StatusCode: HttpStatusCode.PreconditionFailed or HttpStatusCode.RequestedRangeNotSatisfiable,
        })
        {
            throw new ObjectStoreException(
                ObjectStoreFault.Rejected, UriOf(key), $"'{UriOf(key)}' was changed since it was planned: restore it, or annotate it into a new output.", changed);
        }
    }

    public async Task PutAsync(string key, Stream content, CancellationToken cancellationToken)
    {
        await using var spool = await SeekableContent.OfAsync(content, cancellationToken);
        using var transfer = new TransferUtility(client, new TransferUtilityConfig { MinSizeBeforePartUpload = ContentTags.InPartsFrom });
        await Request(
            key,
            async (name, token) =>
            {
                spool.Content.Position = spool.Start;
                var upload = new TransferUtilityUploadRequest
                {
                    BucketName = bucket,
                    Key = name,
                    InputStream = spool.Content,
                    PartSize = ContentTags.PartBytesOf(spool.Content.Length - spool.Start),
                    AutoCloseStream = false,
                    AutoResetStreamPosition = false,
                };
                await transfer.UploadAsync(upload, token);
                return true;
            },
            cancellationToken);
    }

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ObjectKeys.Check(this, key);
        return creation.TryCreateAsync(this, bucket, key, content, cancellationToken);
    }

    /// <summary>The conditional write itself. True of a server that ignores the condition, whoever is first.</summary>
    internal async Task<bool> TryPutNewAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var tries = 0;
        try
        {
            await Request(
                key,
                (name, token) =>
                {
                    tries++;
                    var put = new PutObjectRequest { BucketName = bucket, Key = name, InputStream = new MemoryStream(content.ToArray()), IfNoneMatch = "*" };
                    return client.PutObjectAsync(put, token);
                },
                cancellationToken);
            return true;
        }
        catch (ObjectStoreException refused) when (refused.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.PreconditionFailed })
        {
            // An earlier try whose answer was lost may have been the one that wrote it.
            return tries > 1 && (await this.ReadAllBytesAsync(key, cancellationToken)).AsSpan().SequenceEqual(content.Span);
        }
    }

    public Task CopyAsync(string sourceKey, string destinationKey, CancellationToken cancellationToken)
    {
        ObjectKeys.Check(this, sourceKey);
        return Request(destinationKey, (name, token) => client.CopyObjectAsync(bucket, root + sourceKey, bucket, name, token), cancellationToken);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        Request(key, (name, token) => client.DeleteObjectAsync(bucket, name, token), cancellationToken);

    public async Task DiscardPartialWritesAsync(string prefix, CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = bucket, Prefix = root + prefix };
        ListMultipartUploadsResponse page;
        do
        {
            page = await retry.RunAsync(UriOf(prefix), token => client.ListMultipartUploadsAsync(request, token), cancellationToken);
            foreach (var upload in page.MultipartUploads ?? [])
            {
                await AbortAsync(upload, cancellationToken);
            }

            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
        while (page.IsTruncated == true);
    }

    private async Task AbortAsync(MultipartUpload upload, CancellationToken cancellationToken)
    {
        var abort = new AbortMultipartUploadRequest { BucketName = bucket, Key = upload.Key, UploadId = upload.UploadId };
        try
        {
            await retry.RunAsync(UriOf(upload.Key), token => client.AbortMultipartUploadAsync(abort, token), cancellationToken);
        }
        catch (ObjectStoreException gone) when (gone.Fault == ObjectStoreFault.NotFound)
        {
            // It was completed or aborted meanwhile.
        }
    }

    private static string Version(string? etag) => etag?.Trim('"') ?? "";

    private Task<T> Request<T>(string key, Func<string, CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        ObjectKeys.Check(this, key);
        return retry.RunAsync(UriOf(key), token => send(root + key, token), cancellationToken);
    }
}
