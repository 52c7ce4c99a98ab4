using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parquet;
using Parquet.Serialization;
using Pipeline.Evaluation.Forms;

namespace Pipeline.Cli.Evaluation;

/// <summary>Rows of a Parquet file as Hugging Face writes them: images are structs of bytes and path, lists are choices and references.</summary>
internal static class ParquetData
{
    private const string Bytes = "bytes";
    private const string Place = "path";

    /// <summary>One row group in memory at a time. Images are kept in <paramref name="pictures"/>.</summary>
    /// <exception cref="FormException">It is no Parquet file that can be read.</exception>
    public static async IAsyncEnumerable<DataFileRow> ReadAsync(string file, PictureFolder pictures, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var groups = await ReadOrRefuse(file, async content =>
        {
            await using var reader = await ParquetReader.CreateAsync(content, leaveStreamOpen: true, cancellationToken: cancellationToken);
            return reader.RowGroupCount;
        });
        var at = 0;
        for (var group = 0; group < groups; group++)
        {
            var index = group;
            var read = await ReadOrRefuse(file, content => ParquetSerializer.DeserializeUntypedAsync(content, rowGroupIndex: index, cancellationToken: cancellationToken));
            foreach (var row in read.Data)
            {
                at++;

                // A row lacks its empty values; the columns are there all the same.
                var columns = new JsonObject(read.Schema.Fields.Select(field => KeyValuePair.Create(field.Name, Node(row.GetValueOrDefault(field.Name), pictures))));
                yield return new DataFileRow(JsonSerializer.SerializeToElement(columns), $"{file}: row {at}", $"{Path.GetFileName(file)}#{at}");
            }
        }
    }

    /// <summary>Bytes become the path of the picture that they are; a struct without them is the path that it has.</summary>
    private static JsonNode? Node(object? value, PictureFolder pictures) => value switch
    {
        null => null,
        string text => text,
        byte[] bytes => pictures.Keep(bytes),
        ReadOnlyMemory<byte> bytes => pictures.Keep(bytes.Span),
        ReadOnlyMemory<char> text => text.ToString(),
        bool or sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal => JsonSerializer.SerializeToNode(value),
        IDictionary { Count: 0 } => null,
        IDictionary image when image.Contains(Bytes) || image.Contains(Place) => Node(image[Bytes] ?? image[Place], pictures),
        IDictionary members => new JsonObject(members.Keys.Cast<object>().Select(key => KeyValuePair.Create($"{key}", Node(members[key], pictures)))),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(item => Node(item, pictures))]),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static async Task<T> ReadOrRefuse<T>(string file, Func<Stream, Task<T>> read)
    {
        await using var content = File.OpenRead(file);
        try
        {
            return await read(content);
        }
        catch (Exception e) when (e is not OperationCanceledException and not OutOfMemoryException)
        {
            throw new FormException($"'{file}' can't be read as Parquet ({e.Message.TrimEnd('.')}): download or write it again.");
        }
    }
}
