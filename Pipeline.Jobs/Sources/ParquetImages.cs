using Parquet;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Sources;

/// <summary>Images that are values of a Parquet column. Reads a row group's column at once and keeps the last two, since a shard goes through them in order.</summary>
internal sealed class ParquetImages
{
    private const int GroupsKept = 2;

    private readonly LastLoads<(string File, int Group), byte[]?[]> groups = new(GroupsKept);

    /// <exception cref="ObjectStoreException">The file cannot be read, was changed since it was planned, or has no image in that row.</exception>
    public async Task<Stream> OpenAsync(IObjectStore store, string key, PlannedPart part, string etag, CancellationToken cancellationToken)
    {
        var images = await groups.GetAsync((part.File, part.Group), () => ReadAsync(store, key, part, etag, CancellationToken.None)).WaitAsync(cancellationToken);
        return images[part.Row] is { } bytes
            ? new MemoryStream(bytes, writable: false)
            : throw new ObjectStoreException(
                ObjectStoreFault.NotFound, part.File, $"'{part.File}' has no image in row {part.Row} of its row group {part.Group}: fill its column '{part.Column}'.");
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
            await ParquetRows.LoadAsync(content, group, field, cancellationToken);
            var images = new byte[]?[group.RowCount];
            await group.ReadAsync(field, images.AsMemory(), null, cancellationToken);
            return images;
        });
    }
}
