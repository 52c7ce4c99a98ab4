using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp.Arrow;

namespace Pipeline.Jobs.Tests.Rows;

/// <summary>Reads what was written with Arrow's C++ reader, through ParquetSharp.</summary>
internal static class ArrowReader
{
    /// <summary>The rows, bytes in base64.</summary>
    public static async Task<List<JsonNode?>> RowsAsync(string path, CancellationToken cancellationToken)
    {
        using var file = new FileReader(path);
        using var batches = file.GetRecordBatchReader();
        List<JsonNode?> rows = [];
        while (await batches.ReadNextRecordBatchAsync(cancellationToken) is { } batch)
        {
            using (batch)
            {
                rows.AddRange(Enumerable.Range(0, batch.Length).Select(row => (JsonNode?)new JsonObject(
                    batch.Schema.FieldsList.Select((field, column) => KeyValuePair.Create(field.Name, ValueOf(batch.Column(column), row))))));
            }
        }

        return rows;
    }

    /// <summary>Key-value metadata, without Arrow's own.</summary>
    public static Dictionary<string, string> Metadata(string path)
    {
        using var file = new ParquetSharp.ParquetFileReader(path);
        return file.FileMetaData.KeyValueMetadata.Where(entry => entry.Key != "ARROW:schema").ToDictionary();
    }

    private static JsonNode? ValueOf(IArrowArray array, int index) => array.IsNull(index) ? null : array switch
    {
        StringArray texts => texts.GetString(index),
        Int32Array numbers => numbers.GetValue(index),
        Int64Array numbers => numbers.GetValue(index),
        DoubleArray numbers => numbers.GetValue(index),
        TimestampArray times => times.GetTimestamp(index)?.ToString("O", CultureInfo.InvariantCulture),
        BinaryArray bytes => Convert.ToBase64String(bytes.GetBytes(index)),
        ListArray list => Items(list.GetSlicedValues(index)),
        StructArray members => new JsonObject(((StructType)members.Data.DataType).Fields.Select((field, i) =>
            KeyValuePair.Create(field.Name, ValueOf(members.Fields[i], index)))),
        _ => throw new NotSupportedException($"No column is a {array.GetType().Name}."),
    };

    private static JsonArray Items(IArrowArray items) => [.. Enumerable.Range(0, items.Length).Select(index => ValueOf(items, index))];
}
