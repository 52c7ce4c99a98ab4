using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Serialization;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Rows;

/// <summary>Reads the rows of one file of a dataset, one row group in memory at a time.</summary>
public static class ShardFileReader
{
    /// <summary>The rows without their images.</summary>
    /// <exception cref="ObjectStoreException">The file cannot be read, or is no file of rows.</exception>
    public static IAsyncEnumerable<DatasetRow> ReadAsync(IObjectStore store, string key, CancellationToken cancellationToken) =>
        ReadAsync<ParquetRow>(store, key, cancellationToken);

    /// <summary>The rows with their images, where the file holds them.</summary>
    /// <exception cref="ObjectStoreException">The file cannot be read, or is no file of rows.</exception>
    public static IAsyncEnumerable<DatasetRow> ReadWithImagesAsync(IObjectStore store, string key, CancellationToken cancellationToken) =>
        ReadAsync<ParquetImageRow>(store, key, cancellationToken);

    /// <summary>The rows of one row group, 0-based, without their images; none if the file has no such group.</summary>
    /// <exception cref="ObjectStoreException">The file cannot be read, or is no file of rows.</exception>
    public static async Task<IReadOnlyList<DatasetRow>> ReadGroupAsync(IObjectStore store, string key, int group, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenReadAsync(key, cancellationToken);
        await using var content = await SeekableContent.OfAsync(stream, cancellationToken);
        var groups = await ReadOrRefuse(store, key, () => CountGroupsAsync(content.Content, cancellationToken));
        return group < groups
            ? [.. (await ReadOrRefuse(store, key, () => ReadGroupAsync<ParquetRow>(content.Content, group, cancellationToken))).Select(RowMapping.FromParquet)]
            : [];
    }

    private static async IAsyncEnumerable<DatasetRow> ReadAsync<T>(
        IObjectStore store, string key, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : ParquetRow, new()
    {
        await using var stream = await store.OpenReadAsync(key, cancellationToken);
        await using var content = await SeekableContent.OfAsync(stream, cancellationToken);
        var groups = await ReadOrRefuse(store, key, () => CountGroupsAsync(content.Content, cancellationToken));
        for (var i = 0; i < groups; i++)
        {
            var group = await ReadOrRefuse(store, key, () => ReadGroupAsync<T>(content.Content, i, cancellationToken));
            foreach (var row in group)
            {
                yield return RowMapping.FromParquet(row);
            }
        }
    }

    private static async Task<int> CountGroupsAsync(Stream content, CancellationToken cancellationToken)
    {
        await using var reader = await ParquetReader.CreateAsync(content, leaveStreamOpen: true, cancellationToken: cancellationToken);
        return reader.RowGroupCount;
    }

    private static async Task<IList<T>> ReadGroupAsync<T>(Stream content, int group, CancellationToken cancellationToken)
        where T : ParquetRow, new() =>
        (await ParquetSerializer.DeserializeAsync<T>(content, rowGroupIndex: group, cancellationToken: cancellationToken)).Data;

    private static async Task<T> ReadOrRefuse<T>(IObjectStore store, string key, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is not ObjectStoreException and not OperationCanceledException)
        {
            throw new ObjectStoreException(
                ObjectStoreFault.Rejected,
                store.UriOf(key),
                $"'{store.UriOf(key)}' is no Parquet file of annotations: {exception.Message}",
                exception);
        }
    }
}
