using System.Text.Json.Serialization;

namespace Pipeline.Model.Configuration;

/// <summary>Everything about a Dragonfly checkpoint that is not a weight.</summary>
public sealed record DragonflyConfig
{
    public required DragonflyVersion Version { get; init; }
    public required LlamaConfig Language { get; init; }
    public required ClipVisionConfig Vision { get; init; }

    /// <summary>v2: patches along a side of the square that is averaged into one row.</summary>
    public const int PoolingKernel = 4;

    /// <summary>v1: consecutive high-resolution crops that compete for a middle crop, and how many of them are kept.</summary>
    public const int SelectionInterval = 6;
    public const int SelectionKept = 3;

    public const int MiddleCrops = 4;

    /// <summary>High-resolution crops of an image.</summary>
    public int HighCrops => Version == DragonflyVersion.V1 ? 24 : 36;

    /// <summary>All crops of an image: low, middle, high.</summary>
    public int Crops => 1 + MiddleCrops + HighCrops;

    /// <summary>Image rows of each block that ends with a newline token, in the order of the prompt.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> ImageBlocks => Version == DragonflyVersion.V1
        ? [.. Enumerable.Repeat(Vision.Tokens, 1 + MiddleCrops + (MiddleCrops * SelectionKept))]
        : [Vision.Tokens, .. Enumerable.Repeat(PooledTokens, MiddleCrops + HighCrops)];

    /// <summary>v2: the class token and the pooled patches of a middle or high crop.</summary>
    public int PooledTokens => 1 + (Vision.Grid / PoolingKernel * (Vision.Grid / PoolingKernel));

    /// <summary>Positions an image takes in the prompt, newline tokens included.</summary>
    public int ImagePositions => ImageBlocks.Sum() + ImageBlocks.Count;

    internal IEnumerable<string> Faults()
    {
        if (Version == DragonflyVersion.V2 && Vision.Grid % PoolingKernel != 0)
        {
            yield return $"the vision tower has {Vision.Grid} patches a side, which pooling by {PoolingKernel} doesn't divide";
        }
    }
}
