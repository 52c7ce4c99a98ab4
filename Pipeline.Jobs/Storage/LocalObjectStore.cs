using System.Runtime.CompilerServices;

namespace Pipeline.Jobs.Storage;

/// <summary>Objects as files of a folder. Files appear whole or not at all, also after a power failure.</summary>
/// <param name="root">The folder.</param>
/// <param name="places">Where links may lead; anywhere if null.</param>
internal sealed class LocalObjectStore(string root, AllowedPlaces? places = null) : IObjectStore
{
    private readonly AllowedPlaces places = places ?? AllowedPlaces.All;

    public string Uri { get; } = LocalUri.Of(root);

    public string UriOf(string key) => LocalUri.Of(Path.Combine(root, key));

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (prefix.Length > 0)
        {
            ObjectKeys.Check(this, prefix);
        }

        cancellationToken.ThrowIfCancellationRequested();
        await using var found = LocalListing.Walk(root, prefix, places).ToAsyncEnumerable().GetAsyncEnumerator(cancellationToken);
        while (await Guard(root, () => found.MoveNextAsync().AsTask()))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsInside(found.Current.File) && LocalFacts.Of(found.Current.Key, found.Current.File) is { } facts)
            {
                yield return facts;
            }
            else if (found.Current.File.LinkTarget is not null || found.Current.Key.Contains('\uFFFD'))
            {
                // A link that leads nowhere or where jobs may not be, or a name that is no UTF-8 and so cannot be opened: it is listed, and reading it will fail.
                yield return new StoredObject(found.Current.Key, 0, "");
            }
        }
    }

    public Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var file = new FileInfo(PathOf(key));
        return Guard(file.FullName, () =>
        {
            var facts = LocalFacts.Of(key, file);
            return facts is null || places.Holds(file.FullName) ? Task.FromResult(facts) : throw AllowedPlaces.LeadsOut(file.FullName);
        });
    }

    public Task<Stream> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        return Guard(path, () => Task.FromResult<Stream>(LocalReadStream.Open(path, places)));
    }

    public Task<Stream> OpenRangeAsync(string key, long offset, long length, string etag, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        return Guard(path, () =>
        {
            Stream file = LocalReadStream.Open(path, places);
            if (LocalFacts.Of(key, new FileInfo(path)) is not { } facts || facts.ETag != etag || file.Length < offset + length)
            {
                file.Dispose();
                throw new ObjectStoreException(
                    ObjectStoreFault.Rejected, UriOf(key), $"'{UriOf(key)}' was changed since it was planned: restore it, or annotate it into a new output.");
            }

            file.Position = offset;
            return Task.FromResult<Stream>(new LimitedStream(file, length));
        });
    }

    public Task PutAsync(string key, Stream content, CancellationToken cancellationToken) =>
        WriteAsync(key, content, static (partial, path) => File.Move(partial, path, overwrite: true), cancellationToken);

    public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var errno = 0;
        await WriteAsync(key, new MemoryStream(content.ToArray()), (partial, path) => errno = Posix.Link(partial, path), cancellationToken);
        return errno switch
        {
            0 => true,
            Posix.Exists => false,
            Posix.NotPermitted or Posix.NotSupported => throw new ObjectStoreException(
                ObjectStoreFault.Rejected,
                UriOf(key),
                $"The file system of '{root}' has no hard links, which a safe commit needs: choose a folder on another file system."),
            _ => throw LocalFaults.Create(PathOf(key), errno),
        };
    }

    public async Task CopyAsync(string sourceKey, string destinationKey, CancellationToken cancellationToken)
    {
        await using var source = await OpenReadAsync(sourceKey, cancellationToken);
        await PutAsync(destinationKey, source, cancellationToken);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        return Guard(path, () =>
        {
            places.AssertHolds(Path.GetDirectoryName(path)!);
            if (File.Exists(path) || new FileInfo(path).LinkTarget is not null)
            {
                File.Delete(path);
            }

            return Task.FromResult(true);
        });
    }

    public Task DiscardPartialWritesAsync(string prefix, CancellationToken cancellationToken) => Guard(root, () =>
    {
        var folder = Path.Combine(root, prefix[..(prefix.LastIndexOf('/') + 1)]);
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (PartialFile.IsName(Path.GetFileName(path.AsSpan())))
            {
                PartialFile.Discard(path);
            }
        }

        return Task.FromResult(true);
    });

    /// <summary>The folders that a write of the key would make, innermost first.</summary>
    internal IReadOnlyList<string> MissingFolders(string key)
    {
        List<string> missing = [];
        for (var folder = Path.GetDirectoryName(PathOf(key)); folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing.Add(folder);
        }

        return missing;
    }

    /// <summary>Deletes those of the folders that are there and empty.</summary>
    internal static void DeleteEmptyFolders(IReadOnlyList<string> folders)
    {
        foreach (var folder in folders)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (Exception exception) when (LocalFaults.IsFault(exception))
            {
                // Somebody else put something there meanwhile, or it was never made.
                return;
            }
        }
    }

    private async Task WriteAsync(string key, Stream content, Action<string, string> place, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        var folder = Path.GetDirectoryName(path)!;
        await Guard(path, async () =>
        {
            places.AssertHolds(folder);
            MakeFolder(folder);
            using var partial = new PartialFile(folder);
            await partial.WriteAsync(content, cancellationToken);
            place(partial.Path, path);
            Posix.FlushFolder(folder);
            return true;
        });
    }

    private bool IsInside(FileInfo file) => !places.IsLimited || file.LinkTarget is null || places.Holds(file.FullName);

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (DirectoryNotFoundException)
        {
            throw LocalFaults.Create(folder, Posix.NotADirectory);
        }
    }

    private string PathOf(string key)
    {
        ObjectKeys.Check(this, key);
        return Path.Combine(root, key);
    }

    private static async Task<T> Guard<T>(string path, Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception exception) when (LocalFaults.IsFault(exception))
        {
            throw LocalFaults.Translate(path, exception);
        }
    }
}
