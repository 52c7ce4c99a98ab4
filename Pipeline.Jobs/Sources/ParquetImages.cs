using System.Collections.Concurrent;
using Parquet;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Sources;

/// <summary>Images that are values of a Parquet column. Reads a row group's column at once and keeps the last two, since a shard goes through them in order.</summary>
internal sealed class ParquetImages
{
    private const int GroupsKept = 2;

    private readonly ConcurrentDictionary<(string File, int Group), Lazy<Task<byte[]?[]>>> groups = [];
    private readonly ConcurrentQueue<(string File, int Group)> order = [];

    /// <exception cref="ObjectStoreException">The file cannot be read, was changed since it was planned, or has no image in that row.</exception>
    public async Task<Stream> OpenAsync(IObjectStore store, string key, PlannedPart part, string etag, CancellationToken cancellationToken)
    {
        var images = await Group(store, key, part, etag).WaitAsync(cancellationToken);
        return images[part.Row] is { } bytes
            ? new MemoryStream(bytes, writable: false)
            : throw new ObjectStoreException(
                ObjectStoreFault.NotFound, part.File, $"'{part.File}' has no image in row {part.Row} of its row group {part.Group}: fill its column '{part.Column}'.");
    }

    /// <summary>Read for all rows of the group: the caller who asks first may be cancelled, and the others not.</summary>
    private Task<byte[]?[]> Group(IObjectStore store, string key, PlannedPart part, string etag)
    {
        var id = (part.File, part.Group);
        var made = new Lazy<Task<byte[]?[]>>(() => ReadAsync(store, key, part, etag, CancellationToken.None));
        var group = groups.GetOrAdd(id, made);
        if (group == made)
        {
            order.Enqueue(id);
            if (order.Count > GroupsKept && order.TryDequeue(out var oldest))
            {
                groups.TryRemove(oldest, out _);
            }
        }

        // What failed is read again by whoever asks next.
        if (group.Value.IsFaulted)
        {
            groups.TryRemove(new(id, group));
        }

        return group.Value;
    }

    private static async Task<byte[]?[]> ReadAsync(IObjectStore store, string key, PlannedPart part, string etag, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(key, cancellationToken) is not { } file)
        {
            throw new ObjectStoreException(ObjectStoreFault.NotFound, part.File, $"There is no '{part.File}'.");
        }

        if (file.ETag != etag)
        {
            throw new ObjectStoreException(
                ObjectStoreFault.Rejected, part.File, $"'{part.File}' was changed since it was planned: restore it, or annotate it into a new output.");
        }

        await using var content = await ObjectStream.OpenAsync(store, file, cancellationToken);
        return await ParquetRows.ReadOrRefuse(store, file, async () =>
        {
            await using var reader = await ParquetReader.CreateAsync(content, leaveStreamOpen: true, cancellationToken: cancellationToken);
            var field = reader.Schema.GetDataFields().Single(field => field.Path.ToString() == part.Column);
            var group = reader.RowGroups[part.Group];
            var images = new byte[]?[group.RowCount];
            await ParquetRows.LoadAsync(content, group, field, cancellationToken);
            await group.ReadAsync(field, images.AsMemory(), null, cancellationToken);
            return images;
        });
    }
}
