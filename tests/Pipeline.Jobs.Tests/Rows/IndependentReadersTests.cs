using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Tests.Storage;

namespace Pipeline.Jobs.Tests.Rows;

/// <summary>Readers of other hands find what was written, column by column, nested lists included.</summary>
public sealed class IndependentReadersTests(IndependentReadersTests.WrittenFile written) : IClassFixture<IndependentReadersTests.WrittenFile>
{
    /// <summary>Where a library gives bytes of a struct as text.</summary>
    private const string Select = """
        SELECT to_json(row) FROM (
            SELECT * REPLACE (CASE WHEN image IS NULL THEN NULL ELSE {'bytes': base64(image.bytes), 'path': image.path} END AS image) FROM $file) AS row
        ORDER BY id
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void DuckDB_agrees() => AssertRows(DuckDb.Query(written.File.Path, Select).Select(row => JsonNode.Parse((string)row[0]!)));

    [Fact]
    public async Task Arrow_agrees()
    {
        AssertRows(await ArrowReader.RowsAsync(written.File.Path, Stop));
        Assert.Equal(DatasetSchema.MetadataOf<ParquetImageRow>(), ArrowReader.Metadata(written.File.Path));
    }

    [Fact]
    public async Task JavaScript_agrees()
    {
        var read = await JavaScriptReader.ReadAsync(written.File.Path, Stop);

        AssertRows(read["rows"]!.AsArray());
        Assert.Equal(
            DatasetSchema.MetadataOf<ParquetImageRow>(), read["metadata"]!.AsObject().ToDictionary(entry => entry.Key, entry => entry.Value!.GetValue<string>()));
    }

    private void AssertRows(IEnumerable<JsonNode?> rows)
    {
        var read = rows.ToList();
        Assert.Equal(written.Rows.Count, read.Count);
        foreach (var (expected, actual) in written.Rows.Zip(read))
        {
            AssertSame(JsonSerializer.SerializeToNode(expected), actual, "row");
        }
    }

    private static void AssertSame(JsonNode? expected, JsonNode? actual, string path)
    {
        switch (expected)
        {
            case null:
                Assert.True(actual is null, $"{path}: {actual}, expected null");
                break;
            case JsonObject members:
                Assert.True(actual is JsonObject, $"{path}: {actual?.ToJsonString() ?? "null"}, expected an object");
                Assert.Empty(actual!.AsObject().Select(member => member.Key).Except(members.Select(member => member.Key)));
                foreach (var (name, value) in members)
                {
                    AssertSame(value, actual[name], $"{path}.{name}");
                }

                break;
            case JsonArray items:
                Assert.True(actual is JsonArray, $"{path}: {actual?.ToJsonString() ?? "null"}, expected a list");
                Assert.Equal(items.Count, actual!.AsArray().Count);
                foreach (var (index, item) in items.Index())
                {
                    AssertSame(item, actual[index], $"{path}[{index}]");
                }

                break;
            default:
                Assert.True(actual is not null, $"{path}: null, expected {expected}");
                Assert.Equal(Plain(path, expected), Plain(path, actual));
                break;
        }
    }

    /// <summary>JavaScript knows numbers of one kind alone, and times to the millisecond.</summary>
    private static object Plain(string path, JsonNode value) =>
        value.GetValueKind() is JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)
        : path.EndsWith(".created_at", StringComparison.Ordinal)
            ? DateTimeOffset.Parse(value.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds()
        : value.GetValue<string>();

    /// <summary>Rows of all kinds, in two row groups.</summary>
    public sealed class WrittenFile : IAsyncLifetime
    {
        private readonly TemporaryFolder folder = new();

        internal ShardFile File { get; private set; } = null!;

        internal IReadOnlyList<ParquetImageRow> Rows { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            AnnotationRow[] rows =
            [
                RowSamples.Annotated("0000", "A dog 🐕‍🦺 on a\nbeach, \"quoted\" \\ — 日本語 👩‍👩‍👧"),
                RowSamples.Annotated("0001", "before\0after\u0001\u001f"),
                RowSamples.Annotated("0002", "كلب على الشاطئ ‏RTL‏ שלום"),
                RowSamples.Annotated("0003", ""),
                RowSamples.Annotated("0004", string.Concat(Enumerable.Repeat("a megabyte 🐕 ", 70_000))),
                RowSamples.Annotated("0005", "no labels, no zooms") with { Labels = [], Zooms = [] },
                RowSamples.Annotated("0006", "x") with { Caption = null },
                RowSamples.Annotated("0007", "with its image") with { Image = new byte[] { 0xff, 0xd8, 0, 0x80, 0x7f } },
                RowSamples.Annotated("0008", "with an empty list in a list") with { Labels = [RowSamples.Annotated("x", "x").Labels[1], RowSamples.Annotated("x", "x").Labels[0]] },
                .. Enum.GetValues<RowFailure>().Select((failure, index) => RowSamples.Failed($"{100 + index:d4}", failure)),
                .. Enumerable.Range(1_000, 1_000).Select(index => RowSamples.Annotated($"{index}", $"caption {index}")),
            ];
            await using var writer = ShardFileWriter.Create(folder.In("rows.parquet"), RowSamples.Provenance, embedsImages: true);
            foreach (var row in rows)
            {
                await writer.WriteAsync(row, Stop);
            }

            Rows = [.. rows.Select(row => RowMapping.ToParquetWithImage(row, RowSamples.Provenance))];
            File = await writer.CompleteAsync(Stop);
        }

        public ValueTask DisposeAsync()
        {
            folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
