using System.Text.Json.Serialization;
using Parquet.Serialization.Attributes;

namespace Pipeline.Jobs.Rows;

/// <summary>A row as it lies in the Parquet file: names, order, types and nullability of the columns. <c>docs/dataset.md</c> explains them.</summary>
internal class ParquetRow
{
    [JsonPropertyName("id"), ParquetRequired]
    public string Id { get; set; } = "";

    [JsonPropertyName("source_uri"), ParquetRequired]
    public string SourceUri { get; set; } = "";

    [JsonPropertyName("source_etag"), ParquetRequired]
    public string SourceETag { get; set; } = "";

    [JsonPropertyName("sha256")]
    public string? Sha256 { get; set; }

    [JsonPropertyName("width")]
    public int? Width { get; set; }

    [JsonPropertyName("height")]
    public int? Height { get; set; }

    [JsonPropertyName("format")]
    public string? Format { get; set; }

    [JsonPropertyName("bytes")]
    public long? Bytes { get; set; }

    [JsonPropertyName("perceptual_hash")]
    public string? PerceptualHash { get; set; }

    [JsonPropertyName("duplicate_of")]
    public string? DuplicateOf { get; set; }

    [JsonPropertyName("duplicate_kind")]
    public string? DuplicateKind { get; set; }

    [JsonPropertyName("zooms"), ParquetRequired]
    public List<ParquetZoom> Zooms { get; set; } = [];

    [JsonPropertyName("status"), ParquetRequired]
    public string Status { get; set; } = "";

    [JsonPropertyName("error_code")]
    public string? ErrorCode { get; set; }

    [JsonPropertyName("error_message")]
    public string? ErrorMessage { get; set; }

    [JsonPropertyName("caption_prompt")]
    public string? CaptionPrompt { get; set; }

    [JsonPropertyName("caption")]
    public string? Caption { get; set; }

    [JsonPropertyName("caption_finish_reason")]
    public string? CaptionFinishReason { get; set; }

    [JsonPropertyName("caption_tokens")]
    public int? CaptionTokens { get; set; }

    [JsonPropertyName("caption_prompt_tokens")]
    public int? CaptionPromptTokens { get; set; }

    [JsonPropertyName("caption_mean_logprob")]
    public double? CaptionMeanLogProbability { get; set; }

    [JsonPropertyName("caption_logprobs"), ParquetRequired]
    public List<double> CaptionLogProbabilities { get; set; } = [];

    [JsonPropertyName("caption_defect")]
    public string? CaptionDefect { get; set; }

    [JsonPropertyName("caption_rejected"), ParquetRequired]
    public List<ParquetRejected> CaptionRejected { get; set; } = [];

    [JsonPropertyName("labels"), ParquetRequired]
    public List<ParquetLabel> Labels { get; set; } = [];

    [JsonPropertyName("model"), ParquetRequired]
    public string Model { get; set; } = "";

    [JsonPropertyName("model_revision"), ParquetRequired]
    public string ModelRevision { get; set; } = "";

    [JsonPropertyName("job_id"), ParquetRequired]
    public string JobId { get; set; } = "";

    [JsonPropertyName("prompt_hash"), ParquetRequired]
    public string PromptHash { get; set; } = "";

    [JsonPropertyName("parameters_hash"), ParquetRequired]
    public string ParametersHash { get; set; } = "";

    [JsonPropertyName("seed")]
    public long Seed { get; set; }

    [JsonPropertyName("code_version"), ParquetRequired]
    public string CodeVersion { get; set; } = "";

    [JsonPropertyName("attempt")]
    public int Attempt { get; set; }

    [JsonPropertyName("created_at"), ParquetTimestamp(ParquetTimestampResolution.Microseconds, useLogicalTimestamp: true, isAdjustedToUTC: true)]
    public DateTime CreatedAt { get; set; }
}
