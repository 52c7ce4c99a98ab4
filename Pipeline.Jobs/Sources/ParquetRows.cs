using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Sources;

/// <summary>Rows of a Parquet file. A column of bytes, or a struct with bytes as Hugging Face writes images, holds the images themselves.</summary>
internal static class ParquetRows
{
    /// <summary>Of a row group, which is read at once.</summary>
    private const int MostRows = 10_000_000;
    private const long MostBytes = 2L << 30;

    /// <summary>Reads columns of text, one row group in memory at a time; images are not read.</summary>
    /// <exception cref="ObjectStoreException">The file cannot be read, or is no Parquet file.</exception>
    public static async IAsyncEnumerable<SourceRow> ReadAsync(
        IObjectStore store, StoredObject file, RowNames names, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var content = await ObjectStream.OpenAsync(store, file, cancellationToken);
        await using var reader = await ReadOrRefuse(store, file, () => ParquetReader.CreateAsync(content, leaveStreamOpen: true, cancellationToken: cancellationToken));
        var image = ImageField(reader.Schema, names.FindImage(reader.Schema.Fields.Select(field => field.Name)));
        var texts = ParquetColumn.Texts(reader.Schema).Where(text => names.IsUsed(text.Key)).ToList();
        long first = 0;
        for (var g = 0; g < reader.RowGroupCount; g++)
        {
            var index = g;
            var group = reader.RowGroups[g];
            var bytes = image is null ? 0 : (group.GetMetadata(image)?.MetaData?.TotalUncompressedSize ?? 0) / Math.Max(1, group.RowCount);
            var columns = await ReadOrRefuse(store, file, () => ReadGroupAsync(content, group, texts, cancellationToken));
            for (var i = 0; i < group.RowCount; i++)
            {
                yield return new SourceRow
                {
                    File = file.Key,
                    Where = $"row {first + i}",
                    Columns = columns.ToDictionary(column => column.Name, column => column.Values[i]),
                    Id = image is null ? null : $"{file.Key}#{first + i}",
                    Part = image is null ? null : new PlannedPart(store.UriOf(file.Key), image.Path.ToString(), index, i, 0, 0),
                    Bytes = bytes,
                    ETag = image is null ? "" : file.ETag,
                };
            }

            first += group.RowCount;
        }
    }

    /// <summary>The field that holds the bytes of images, or null if the column names them.</summary>
    private static DataField? ImageField(ParquetSchema schema, string? column) => schema.Fields.FirstOrDefault(field => field.Name == column) switch
    {
        DataField field when field.ClrType == typeof(ReadOnlyMemory<byte>) => field,
        StructField image => image.Fields.OfType<DataField>().FirstOrDefault(field => field.Name == "bytes" && field.ClrType == typeof(ReadOnlyMemory<byte>)),
        _ => null,
    };

    private static async Task<List<(string Name, string?[] Values)>> ReadGroupAsync(
        Stream content, ParquetRowGroupReader group, List<KeyValuePair<string, DataField>> texts, CancellationToken cancellationToken)
    {
        List<(string, string?[])> columns = [];
        foreach (var (name, field) in texts)
        {
            await LoadAsync(content, group, field, cancellationToken);
            columns.Add((name, await ParquetColumn.ReadAsync(group, field, cancellationToken)));
        }

        return columns;
    }

    /// <summary>Fetches a column of a row group at once: the library reads some of it synchronously.</summary>
    /// <exception cref="InvalidDataException">The column would take more memory than a worker gives it.</exception>
    public static async Task LoadAsync(Stream content, ParquetRowGroupReader group, DataField field, CancellationToken cancellationToken)
    {
        if (group.RowCount > MostRows || group.GetMetadata(field)?.MetaData?.TotalUncompressedSize > MostBytes)
        {
            throw new InvalidDataException($"a row group has more than {MostRows:N0} rows, or more than {MostBytes:N0} bytes in its column '{field.Path}'");
        }

        if (content is ObjectStream file && group.GetMetadata(field)?.MetaData is { } chunk)
        {
            var start = chunk.DictionaryPageOffset is > 0 and var dictionary ? Math.Min(dictionary, chunk.DataPageOffset) : chunk.DataPageOffset;
            await file.LoadAsync(start, checked((int)chunk.TotalCompressedSize), cancellationToken);
        }
    }

    public static async Task<T> ReadOrRefuse<T>(IObjectStore store, StoredObject file, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is not ObjectStoreException and not OperationCanceledException)
        {
            throw new ObjectStoreException(
                ObjectStoreFault.Rejected,
                store.UriOf(file.Key),
                $"'{store.UriOf(file.Key)}' cannot be read as Parquet: {exception.Message.TrimEnd('.')}. Write it again, or leave it out.",
                exception);
        }
    }
}
