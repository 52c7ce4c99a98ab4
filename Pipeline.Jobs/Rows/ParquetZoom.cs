using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Rows;

/// <summary>A zoom region as it lies in the Parquet file.</summary>
internal sealed class ParquetZoom
{
    [JsonPropertyName("left")]
    public int Left { get; set; }

    [JsonPropertyName("top")]
    public int Top { get; set; }

    [JsonPropertyName("right")]
    public int Right { get; set; }

    [JsonPropertyName("bottom")]
    public int Bottom { get; set; }
}
