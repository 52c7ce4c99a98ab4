using System.Text.Json.Serialization;
using Parquet.Serialization.Attributes;

namespace Pipeline.Jobs.Rows;

/// <summary>A label as it lies in the Parquet file.</summary>
internal sealed class ParquetLabel
{
    [JsonPropertyName("question_id"), ParquetRequired]
    public string QuestionId { get; set; } = "";

    [JsonPropertyName("question"), ParquetRequired]
    public string Question { get; set; } = "";

    [JsonPropertyName("kind"), ParquetRequired]
    public string Kind { get; set; } = "";

    [JsonPropertyName("answer"), ParquetRequired]
    public string Answer { get; set; } = "";

    [JsonPropertyName("value")]
    public double? Value { get; set; }

    [JsonPropertyName("confidence")]
    public double? Confidence { get; set; }

    [JsonPropertyName("choices"), ParquetRequired]
    public List<ParquetChoice> Choices { get; set; } = [];

    [JsonPropertyName("finish_reason")]
    public string? FinishReason { get; set; }

    [JsonPropertyName("tokens")]
    public int? Tokens { get; set; }

    [JsonPropertyName("mean_logprob")]
    public double? MeanLogProbability { get; set; }

    [JsonPropertyName("logprobs"), ParquetRequired]
    public List<double> LogProbabilities { get; set; } = [];
}

internal sealed class ParquetChoice
{
    [JsonPropertyName("choice"), ParquetRequired]
    public string Choice { get; set; } = "";

    [JsonPropertyName("probability")]
    public double Probability { get; set; }
}

/// <summary>An attempt at a caption that was turned down, as it lies in the Parquet file.</summary>
internal sealed class ParquetRejected
{
    [JsonPropertyName("text"), ParquetRequired]
    public string Text { get; set; } = "";

    [JsonPropertyName("defect"), ParquetRequired]
    public string Defect { get; set; } = "";
}
