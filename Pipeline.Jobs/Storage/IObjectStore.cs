namespace Pipeline.Jobs.Storage;

/// <summary>A folder of objects, local or in S3. Keys are relative to it, with '/' between segments and no leading '/'.</summary>
/// <remarks>Every method throws <see cref="ObjectStoreException"/> for what the store refuses, and nothing else but cancellation.</remarks>
public interface IObjectStore
{
    /// <summary>The folder as a URI (<c>file:///data/images</c>, <c>s3://bucket/prefix</c>), without a trailing '/'.</summary>
    string Uri { get; }

    /// <summary>The full URI of an object: escaped for local files, as it stands for S3.</summary>
    string UriOf(string key);

    /// <summary>
    /// All objects whose keys start with <paramref name="prefix"/>, recursively, in the order of the keys' UTF-8 bytes, in flat
    /// memory. A bucket or local folder that does not exist is <see cref="ObjectStoreFault.NotFound"/>; a prefix without objects is empty.
    /// </summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>The object's facts, or null if there is none.</summary>
    Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>The object's content. The caller disposes the stream; reads of it throw <see cref="ObjectStoreException"/> too.</summary>
    Task<Stream> OpenReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Some bytes of an object, which must be of that version: <see cref="ObjectStoreFault.Rejected"/> if it was changed, or is shorter.</summary>
    Task<Stream> OpenRangeAsync(string key, long offset, long length, string etag, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{Uri} gives whole objects only.");

    /// <summary>Writes or replaces an object, whole or not at all.</summary>
    Task PutAsync(string key, Stream content, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a small object only if there is none of that key: the commit point. Of any number of concurrent callers
    /// exactly one gets true; the object is then whole and is never replaced by this method.
    /// </summary>
    Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Copies an object inside the store, replacing the destination whole.</summary>
    Task CopyAsync(string sourceKey, string destinationKey, CancellationToken cancellationToken);

    /// <summary>Deletes an object; no error if there is none.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Removes what interrupted writes have left below <paramref name="prefix"/>: unfinished files, unfinished multipart uploads.
    /// Listings never show those. An upload to S3 that is still under way there starts again.
    /// </summary>
    Task DiscardPartialWritesAsync(string prefix, CancellationToken cancellationToken);
}

/// <summary>Facts of one object.</summary>
/// <param name="Key">Relative to the store.</param>
/// <param name="Bytes">Length of the content.</param>
/// <param name="ETag">Version tag without quotes; for local files made of length and time of last write.</param>
public readonly record struct StoredObject(string Key, long Bytes, string ETag);
