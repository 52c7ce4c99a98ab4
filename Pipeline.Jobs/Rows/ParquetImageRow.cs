using System.Text.Json.Serialization;
using Parquet.Serialization.Attributes;

namespace Pipeline.Jobs.Rows;

/// <summary>A row of a dataset that holds its images.</summary>
internal sealed class ParquetImageRow : ParquetRow
{
    [JsonPropertyName("image")]
    public ParquetImage? Image { get; set; }
}

/// <summary>An image as Hugging Face's <c>Image</c> feature stores it.</summary>
internal sealed class ParquetImage
{
    [JsonPropertyName("bytes"), ParquetRequired]
    public byte[] Bytes { get; set; } = [];

    [JsonPropertyName("path"), ParquetRequired]
    public string Path { get; set; } = "";
}
