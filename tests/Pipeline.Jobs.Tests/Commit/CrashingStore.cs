using System.Runtime.CompilerServices;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.Commit;

/// <summary>A store whose process dies at its n-th operation: before that takes effect, or after it did and before anyone hears of it.</summary>
internal sealed class CrashingStore(IObjectStore inner, int crashAt, bool afterEffect) : IObjectStore
{
    private int operations;

    /// <summary>True once it died.</summary>
    public bool Crashed { get; private set; }

    public string Uri => inner.Uri;

    public string UriOf(string key) => inner.UriOf(key);

    public async IAsyncEnumerable<StoredObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Run(() => Task.FromResult(true));
        await foreach (var found in inner.ListAsync(prefix, cancellationToken))
        {
            yield return found;
        }
    }

    public Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken) => Run(() => inner.FindAsync(key, cancellationToken));

    public Task<Stream> OpenReadAsync(string key, CancellationToken cancellationToken) => Run(() => inner.OpenReadAsync(key, cancellationToken));

    public Task PutAsync(string key, Stream content, CancellationToken cancellationToken) => Run(() => inner.PutAsync(key, content, cancellationToken));

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        Run(() => inner.TryCreateAsync(key, content, cancellationToken));

    public Task CopyAsync(string sourceKey, string destinationKey, CancellationToken cancellationToken) =>
        Run(() => inner.CopyAsync(sourceKey, destinationKey, cancellationToken));

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => Run(() => inner.DeleteAsync(key, cancellationToken));

    public Task DiscardPartialWritesAsync(string prefix, CancellationToken cancellationToken) =>
        Run(() => inner.DiscardPartialWritesAsync(prefix, cancellationToken));

    private Task<bool> Run(Func<Task> operation) => Run(async () =>
    {
        await operation();
        return true;
    });

    private async Task<T> Run<T>(Func<Task<T>> operation)
    {
        var dies = !Crashed && operations++ == crashAt;
        if (Crashed || (dies && !afterEffect))
        {
            Crashed = true;
            throw new CrashException();
        }

        try
        {
            var result = await operation();
            if (!dies)
            {
                return result;
            }
        }
        catch (ObjectStoreException) when (dies)
        {
            // It never hears of the refusal either.
        }

        Crashed = true;
        throw new CrashException();
    }
}

internal sealed class CrashException : Exception;
