using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using DuckDB.NET.Data;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tests.Storage;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Rows;

public sealed class ShardFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Rows_come_back_as_they_were_written()
    {
        AnnotationRow[] rows =
        [
            RowSamples.Annotated("a.jpg", "A dog 🐕 on a\nbeach, \"quoted\" — 日本語"),
            RowSamples.Annotated("nul.jpg", "before\0after"),
            RowSamples.Annotated("empty.jpg", ""),
            RowSamples.Annotated("no-labels.jpg", "x") with { Labels = [] },
            RowSamples.Annotated("no-caption.jpg", "x") with { Caption = null },
            .. Enum.GetValues<RowFailure>().Select(failure => RowSamples.Failed($"{failure}.jpg", failure)),
        ];

        await WriteAsync(rows);

        var read = await ReadAsync();
        Assert.Equivalent(rows, read.Select(row => row.Annotation), strict: true);
        Assert.All(read, row => Assert.Equal(RowSamples.Provenance, row.Provenance));
    }

    [Fact]
    public async Task The_writer_counts_rows_and_hashes_the_file()
    {
        var written = await WriteAsync([RowSamples.Annotated("a", "x"), RowSamples.Failed("b", RowFailure.EmptyFile), RowSamples.Annotated("c", "y")]);

        var bytes = await File.ReadAllBytesAsync(written.Path, Stop);
        Assert.Equal((3, 1), (written.Rows, written.FailedRows));
        Assert.Equal(bytes.Length, written.Bytes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), written.Sha256);
    }

    [Fact]
    public async Task DuckDB_reads_the_columns_with_their_types()
    {
        var written = await WriteAsync([RowSamples.Annotated("a", "x")]);

        var columns = DuckDb.Query(written.Path, "DESCRIBE SELECT * FROM $file").Select(row => $"{row[0]} {row[1]}");

        Assert.Equal(
            [
                "id VARCHAR", "source_uri VARCHAR", "source_etag VARCHAR", "sha256 VARCHAR", "width INTEGER", "height INTEGER", "format VARCHAR", "bytes BIGINT",
                "perceptual_hash VARCHAR", "duplicate_of VARCHAR", "duplicate_kind VARCHAR", "zooms STRUCT(\"left\" INTEGER, top INTEGER, \"right\" INTEGER, bottom INTEGER)[]",
                "status VARCHAR", "error_code VARCHAR", "error_message VARCHAR", "caption_prompt VARCHAR", "caption VARCHAR", "caption_finish_reason VARCHAR",
                "caption_tokens INTEGER", "caption_prompt_tokens INTEGER",
                "caption_mean_logprob DOUBLE", "caption_logprobs DOUBLE[]", "caption_defect VARCHAR", "caption_rejected STRUCT(\"text\" VARCHAR, defect VARCHAR)[]",
                "labels STRUCT(question_id VARCHAR, question VARCHAR, kind VARCHAR, answer VARCHAR, \"value\" DOUBLE, confidence DOUBLE, "
                + "choices STRUCT(choice VARCHAR, probability DOUBLE)[], finish_reason VARCHAR, tokens INTEGER, mean_logprob DOUBLE, logprobs DOUBLE[])[]",
                "model VARCHAR", "model_revision VARCHAR", "job_id VARCHAR", "prompt_hash VARCHAR", "parameters_hash VARCHAR", "seed BIGINT", "code_version VARCHAR",
                "attempt INTEGER", "created_at TIMESTAMP WITH TIME ZONE",
            ],
            columns);
    }

    [Fact]
    public async Task DuckDB_reads_text_labels_and_nulls()
    {
        var written = await WriteAsync(
        [
            RowSamples.Annotated("a", "Ein Hund 🐕, 日本語"),
            RowSamples.Annotated("b", "before\0after"),
            RowSamples.Failed("c", RowFailure.TruncatedImage),
        ]);

        Assert.Equal(
            [["a", "ok", null, "Ein Hund 🐕, 日本語", -0.25, 4L], ["b", "ok", null, "before\0after", -0.25, 4L], ["c", "failed", "truncated_image", null, null, 0L]],
            DuckDb.Query(written.Path, "SELECT id, status, error_code, caption, caption_mean_logprob, len(labels) FROM $file ORDER BY id"));
        Assert.Equal(
            [
                ["indoor", "yes-no", "no", 0.75, "yes", 0.25, 2L, null, null],
                ["what", "open", "", null, null, null, 0L, "length", 5],
                ["pets", "multi-choice", "cat; dog", 0.5, "cat", 0.5, 3L, null, null],
                ["count", "number", "-12.5", null, null, null, 0L, "stop", 3],
            ],
            DuckDb.Query(
                written.Path,
                """
                SELECT l.question_id, l.kind, l.answer, l.confidence, l.choices[1].choice, l.choices[1].probability, len(l.choices), l.finish_reason, l.tokens
                FROM (SELECT unnest(labels) AS l FROM $file WHERE id = 'a')
                """));
        Assert.Equal(
            [["2026-11-22 10:30:00.123456+00", 123_456_789_012L, null, 2]],
            DuckDb.Query(written.Path, "SELECT max(created_at)::VARCHAR, max(bytes), min(width) FILTER (id = 'c'), max(attempt) FROM $file"));
    }

    [Fact]
    public async Task DuckDB_reads_defects_values_and_log_probabilities()
    {
        var written = await WriteAsync([RowSamples.Annotated("a", "x"), RowSamples.Failed("b", RowFailure.EmptyFile)]);

        Assert.Equal(
            [["a", "refusal", "loop: a a a a", 2L, -0.75, 3L], ["b", null, null, 0L, null, 0L]],
            DuckDb.Query(
                written.Path,
                """
                SELECT id, caption_defect, caption_rejected[1].defect || ': ' || caption_rejected[1].text, len(caption_rejected),
                    list_sum(caption_logprobs), len(caption_logprobs)
                FROM $file ORDER BY id
                """));
        Assert.Equal(
            [["indoor", null, null, 0L], ["what", null, -1.5, 0L], ["pets", null, null, 0L], ["count", -12.5, -0.75, 3L]],
            DuckDb.Query(
                written.Path,
                "SELECT l.question_id, l.value, l.mean_logprob, len(l.logprobs) FROM (SELECT unnest(labels) AS l FROM $file WHERE id = 'a')"));
    }

    [Fact]
    public async Task Files_of_earlier_versions_are_read_without_the_columns_they_lack()
    {
        var files = Path.Combine(Repository.Root, "tests", "Pipeline.Jobs.Tests", "Rows", "Files");

        var rows = await ShardFileReader.ReadAsync(new LocalObjectStore(files), "0.1.0.parquet", Stop).Select(row => row.Annotation).ToListAsync(Stop);

        Assert.Equal(["a.jpg", "b.jpg", "c.jpg"], rows.Select(row => row.Id));
        Assert.Equivalent(new GeneratedText("A dog.", "stop", 12, -0.25), rows[0].Caption, strict: true);
        Assert.Equal(["no", ""], rows[0].Labels.Select(label => label.Answer));
        Assert.Equal([0.75, null], rows[0].Labels.Select(label => label.Confidence));
        Assert.All(rows[0].Labels, label => Assert.Equal((null, null, 0), (label.Value, label.MeanLogProbability, label.LogProbabilities.Count)));
        Assert.Null(rows[1].Caption);
        Assert.Equal(RowFailure.TruncatedImage, rows[2].Failure);
    }

    [Fact]
    public async Task Many_rows_make_several_row_groups_and_keep_their_order()
    {
        var written = await WriteAsync(Enumerable.Range(0, 2_500).Select(i => RowSamples.Annotated($"{i:d5}", $"caption {i}")));

        Assert.Equal(
            [[1_000L], [1_000L], [500L]],
            DuckDb.Query(written.Path, "SELECT DISTINCT ON (row_group_id) row_group_num_rows FROM parquet_metadata($file) ORDER BY row_group_id"));
        Assert.Equal([["ZSTD"]], DuckDb.Query(written.Path, "SELECT DISTINCT compression FROM parquet_metadata($file)"));
        Assert.Equal([[2_500L, 10_000L]], DuckDb.Query(written.Path, "SELECT count(*), sum(len(labels))::BIGINT FROM $file"));
        Assert.Equal(
            Enumerable.Range(0, 2_500).Select(i => ($"{i:d5}", $"caption {i}")),
            (await ReadAsync()).Select(row => (row.Annotation.Id, row.Annotation.Caption!.Text)));
    }

    [Fact]
    public async Task Long_texts_make_smaller_row_groups()
    {
        var text = new string('x', 9_000_000);

        var written = await WriteAsync(Enumerable.Range(0, 5).Select(i => RowSamples.Annotated($"{i}", text)));

        Assert.Equal(
            [[3L], [2L]],
            DuckDb.Query(written.Path, "SELECT DISTINCT ON (row_group_id) row_group_num_rows FROM parquet_metadata($file) ORDER BY row_group_id"));
    }

    [Fact]
    public async Task The_file_tells_Hugging_Face_its_features()
    {
        var written = await WriteAsync(Enumerable.Range(0, 1_001).Select(i => RowSamples.Annotated($"{i}", "x")));

        var features = FeaturesOf(written);
        Assert.Equal(
            DuckDb.Query(written.Path, "DESCRIBE SELECT * FROM $file").Select(column => (string)column[0]!),
            features.EnumerateObject().Select(feature => feature.Name));
        Assert.Equal("""{"dtype":"string","_type":"Value"}""", features.GetProperty("caption").GetRawText());
        Assert.Equal("""{"dtype":"timestamp[us, tz=UTC]","_type":"Value"}""", features.GetProperty("created_at").GetRawText());
        Assert.Equal(
            """{"choice":{"dtype":"string","_type":"Value"},"probability":{"dtype":"float64","_type":"Value"}}""",
            features.GetProperty("labels")[0].GetProperty("choices")[0].GetRawText());
        Assert.Equal("""[{"dtype":"float64","_type":"Value"}]""", features.GetProperty("caption_logprobs").GetRawText());
        Assert.Equal("""[{"dtype":"float64","_type":"Value"}]""", features.GetProperty("labels")[0].GetProperty("logprobs").GetRawText());
    }

    [Fact]
    public async Task The_file_tells_its_schema_version()
    {
        var written = await WriteAsync([RowSamples.Annotated("a", "x")]);

        Assert.Equal(
            [[$"{DatasetSchema.Version}"]],
            DuckDb.Query(written.Path, "SELECT decode(value) FROM parquet_kv_metadata($file) WHERE decode(key) = 'pipeline.schema_version'"));
    }

    [Fact]
    public async Task Zooms_prompt_and_seed_are_read_by_DuckDB()
    {
        var written = await WriteAsync([RowSamples.Annotated("a", "x"), RowSamples.Failed("b", RowFailure.EmptyFile)]);

        Assert.Equal(
            [["a", "0123456789abcdef", 2L, 533, 480, "Describe it.", 1_512, 7L], ["b", null, 0L, null, null, "Describe it.", null, 7L]],
            DuckDb.Query(
                written.Path,
                """
                SELECT id, perceptual_hash, len(zooms), zooms[2]."left", zooms[2].bottom, caption_prompt, caption_prompt_tokens, seed FROM $file ORDER BY id
                """));
    }

    [Fact]
    public async Task Embedded_images_are_Hugging_Face_image_structs()
    {
        byte[] image = [0xff, 0xd8, 0, 1, 2];
        var written = await WriteAsync(
            [RowSamples.Annotated("a/b.jpg", "x") with { Image = image }, RowSamples.Failed("c.jpg", RowFailure.EmptyFile)], embedsImages: true);

        Assert.Equal(
            [["a/b.jpg", "FFD8000102", "x"], [null, null, null]],
            DuckDb.Query(written.Path, "SELECT image.path, hex(image.bytes), caption FROM $file ORDER BY id"));
        Assert.Equal([["STRUCT(bytes BLOB, path VARCHAR)"]], DuckDb.Query(written.Path, "SELECT column_type FROM (DESCRIBE SELECT image FROM $file)"));
        Assert.Equal("""{"_type":"Image"}""", FeaturesOf(written).GetProperty("image").GetRawText());
        Assert.Equal(["a/b.jpg", "c.jpg"], (await ReadAsync()).Select(row => row.Annotation.Id));
    }

    [Fact]
    public async Task Big_images_make_small_row_groups()
    {
        var image = new byte[20_000_000];
        var written = await WriteAsync(Enumerable.Range(0, 3).Select(i => RowSamples.Annotated($"{i}", "x") with { Image = image }), embedsImages: true);

        Assert.Equal([[1L], [1L], [1L]], DuckDb.Query(written.Path, "SELECT DISTINCT ON (row_group_id) row_group_num_rows FROM parquet_metadata($file) ORDER BY row_group_id"));
    }

    [Fact]
    public async Task Statistics_say_which_row_groups_have_failures()
    {
        var written = await WriteAsync(Enumerable.Range(0, 4_000).Select(i =>
            i == 2_500 ? RowSamples.Failed($"{i:d5}", RowFailure.EmptyFile) : RowSamples.Annotated($"{i:d5}", "x")));

        Assert.Equal(
            [["ok", "ok"], ["ok", "ok"], ["failed", "ok"], ["ok", "ok"]],
            DuckDb.Query(written.Path, "SELECT stats_min_value, stats_max_value FROM parquet_metadata($file) WHERE path_in_schema = 'status' ORDER BY row_group_id"));
        Spoil(written.Path, DuckDb.Query(
            written.Path,
            "SELECT least(dictionary_page_offset, data_page_offset), total_compressed_size FROM parquet_metadata($file) WHERE path_in_schema IN ('id', 'status') AND row_group_id <> 2"));

        // Who reads the other groups finds them damaged, and who goes by the statistics never sees that.
        Assert.Equal([["02500", "empty_file"]], DuckDb.Query(written.Path, "SELECT id, error_code FROM $file WHERE status = 'failed'"));
        Assert.ThrowsAny<DuckDBException>(() => DuckDb.Query(written.Path, "SELECT count(*) FROM $file WHERE status <> 'x' AND id <> ''"));
    }

    private static void Spoil(string path, IEnumerable<object?[]> ranges)
    {
        using var file = File.OpenWrite(path);
        foreach (var range in ranges)
        {
            file.Position = Convert.ToInt64(range[0], CultureInfo.InvariantCulture);
            file.Write(Enumerable.Repeat((byte)0xff, Convert.ToInt32(range[1], CultureInfo.InvariantCulture)).ToArray());
        }
    }

    [Fact]
    public async Task A_damaged_file_is_refused_by_name()
    {
        var written = await WriteAsync([RowSamples.Annotated("a", "x")]);
        await File.WriteAllBytesAsync(written.Path, (await File.ReadAllBytesAsync(written.Path, Stop))[..^20], Stop);

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(ReadAsync);

        Assert.Equal(ObjectStoreFault.Rejected, fault.Fault);
        Assert.Contains("rows.parquet", fault.Message, StringComparison.Ordinal);
    }

    private static JsonElement FeaturesOf(ShardFile written)
    {
        var row = Assert.Single(DuckDb.Query(written.Path, "SELECT decode(value) FROM parquet_kv_metadata($file) WHERE decode(key) = 'huggingface'"));
        return JsonDocument.Parse((string)row[0]!).RootElement.GetProperty("info").GetProperty("features");
    }

    private async Task<ShardFile> WriteAsync(IEnumerable<AnnotationRow> rows, bool embedsImages = false)
    {
        await using var writer = ShardFileWriter.Create(folder.In("rows.parquet"), RowSamples.Provenance, embedsImages);
        foreach (var row in rows)
        {
            await writer.WriteAsync(row, Stop);
        }

        return await writer.CompleteAsync(Stop);
    }

    private async Task<List<DatasetRow>> ReadAsync() =>
        await ShardFileReader.ReadAsync(new LocalObjectStore(folder.Path), "rows.parquet", Stop).ToListAsync(Stop);
}
