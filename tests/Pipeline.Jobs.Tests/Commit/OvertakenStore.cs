using System.Runtime.CompilerServices;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.Commit;

/// <summary>A store in which somebody else acts just before the caller lists.</summary>
internal sealed class OvertakenStore(IObjectStore inner, Func<Task> act) : IObjectStore
{
    public string Uri => inner.Uri;

    public string UriOf(string key) => inner.UriOf(key);

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await act();
        await foreach (var found in inner.ListAsync(prefix, cancellationToken))
        {
            yield return found;
        }
    }

    public Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public Task<Stream> OpenReadAsync(string key, CancellationToken cancellationToken) => inner.OpenReadAsync(key, cancellationToken);

    public Task PutAsync(string key, Stream content, CancellationToken cancellationToken) => inner.PutAsync(key, content, cancellationToken);

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        inner.TryCreateAsync(key, content, cancellationToken);

    public Task CopyAsync(string sourceKey, string destinationKey, CancellationToken cancellationToken) =>
        inner.CopyAsync(sourceKey, destinationKey, cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

    public Task DiscardPartialWritesAsync(string prefix, CancellationToken cancellationToken) =>
        inner.DiscardPartialWritesAsync(prefix, cancellationToken);
}
