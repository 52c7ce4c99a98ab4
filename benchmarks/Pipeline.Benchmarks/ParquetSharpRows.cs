using ParquetSharp;
using ParquetSharp.Schema;
using Pipeline.Jobs.Rows;

namespace Pipeline.Benchmarks;

/// <summary>Writes caption rows with ParquetSharp (Arrow's C++ library) into a file of the very schema of ours.</summary>
internal sealed class ParquetSharpRows : IDisposable
{
    private static readonly Dictionary<string, Delegate> s_columns = new()
    {
        ["id"] = (AnnotationRow row) => row.Id,
        ["source_uri"] = (AnnotationRow row) => row.SourceUri,
        ["source_etag"] = (AnnotationRow row) => row.SourceETag,
        ["sha256"] = (AnnotationRow row) => row.Sha256,
        ["width"] = (AnnotationRow row) => row.Width,
        ["height"] = (AnnotationRow row) => row.Height,
        ["format"] = (AnnotationRow row) => row.Format,
        ["bytes"] = (AnnotationRow row) => row.Bytes,
        ["perceptual_hash"] = (AnnotationRow row) => row.PerceptualHash,
        ["status"] = (AnnotationRow _) => "ok",
        ["caption_prompt"] = (AnnotationRow _) => CaptionRows.Provenance.CaptionPrompt,
        ["caption"] = (AnnotationRow row) => row.Caption!.Text,
        ["caption_finish_reason"] = (AnnotationRow row) => row.Caption!.FinishReason,
        ["caption_tokens"] = (AnnotationRow row) => (int?)row.Caption!.Tokens,
        ["caption_prompt_tokens"] = (AnnotationRow row) => row.Caption!.PromptTokens,
        ["caption_mean_logprob"] = (AnnotationRow row) => (double?)row.Caption!.MeanLogProbability,
        ["model"] = (AnnotationRow _) => CaptionRows.Provenance.Model,
        ["model_revision"] = (AnnotationRow _) => CaptionRows.Provenance.ModelRevision,
        ["job_id"] = (AnnotationRow _) => CaptionRows.Provenance.JobId,
        ["prompt_hash"] = (AnnotationRow _) => CaptionRows.Provenance.PromptHash,
        ["parameters_hash"] = (AnnotationRow _) => CaptionRows.Provenance.ParametersHash,
        ["seed"] = (AnnotationRow _) => CaptionRows.Provenance.Seed,
        ["code_version"] = (AnnotationRow _) => CaptionRows.Provenance.CodeVersion,
        ["attempt"] = (AnnotationRow _) => CaptionRows.Provenance.Attempt,
        ["created_at"] = (AnnotationRow _) => CaptionRows.Provenance.CreatedAt.UtcDateTime,
    };

    private readonly ParquetFileReader _ours;
    private readonly GroupNode _schema;
    private readonly WriterProperties _properties;
    private readonly ParquetFileWriter _file;

    /// <param name="path">Of the new file.</param>
    /// <param name="ours">A file of ours, for its schema.</param>
    public ParquetSharpRows(string path, string ours)
    {
        _ours = new ParquetFileReader(ours);
        _schema = _ours.FileMetaData.Schema.GroupNode;
        using var properties = new WriterPropertiesBuilder();
        _properties = properties.Compression(Compression.Zstd).CompressionLevel(3).Build();
        _file = new ParquetFileWriter(path, _schema, _properties, _ours.FileMetaData.KeyValueMetadata);
    }

    /// <summary>Writes a row group.</summary>
    public void Write(AnnotationRow[] rows)
    {
        using var group = _file.AppendRowGroup();
        for (var column = 0; column < group.NumColumns; column++)
        {
            using var physical = group.NextColumn();
            using var writer = physical.LogicalWriter();
            var path = physical.ColumnDescriptor.Path.ToDotVector();
            writer.Apply(new ColumnOf(path[0], rows));
        }
    }

    public void Complete() => _file.Close();

    public void Dispose()
    {
        _file.Dispose();
        _properties.Dispose();
        _schema.Dispose();
        _ours.Dispose();
    }

    /// <summary>Lists are empty in caption rows, and what else has no entry is null.</summary>
    private sealed class ColumnOf(string name, AnnotationRow[] rows) : ILogicalColumnWriterVisitor<bool>
    {
        public bool OnLogicalColumnWriter<TValue>(LogicalColumnWriter<TValue> columnWriter)
        {
            var values = new TValue[rows.Length];
            if (s_columns.TryGetValue(name, out var column))
            {
                var value = (Func<AnnotationRow, TValue>)column;
                for (var i = 0; i < rows.Length; i++)
                {
                    values[i] = value(rows[i]);
                }
            }
            else if (typeof(TValue).IsArray)
            {
                Array.Fill(values, (TValue)(object)Array.CreateInstance(typeof(TValue).GetElementType()!, 0));
            }

            columnWriter.WriteBatch(values);
            return true;
        }
    }
}
