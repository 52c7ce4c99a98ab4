using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;

namespace Pipeline.Model.Benchmarking;

/// <summary>What was measured, on what.</summary>
public sealed record EngineBenchmarkReport
{
    /// <summary>Name of the config folder.</summary>
    public required string Model { get; init; }

    public required DragonflyConfig Config { get; init; }

    public required EngineOptions Engine { get; init; }

    /// <summary>"cpu", or "cuda:0".</summary>
    public required string Device { get; init; }

    /// <summary>Name of the card; null on a processor.</summary>
    public required string? Card { get; init; }

    /// <summary>FLOP/s that the card's maker gives for these numbers; null where that is not known.</summary>
    public required double? PeakRate { get; init; }

    /// <summary>Numbers that the model ran in: "float32", "bfloat16+int8".</summary>
    public required string Numerics { get; init; }

    /// <summary>Side of the matrices whose product is the yardstick.</summary>
    public required int GemmSide { get; init; }

    /// <summary>Random weights, rather than the folder's.</summary>
    public required bool RandomWeights { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>Version and commit of the build.</summary>
    public required string Revision { get; init; }

    /// <summary>A Markdown list.</summary>
    public required string Machine { get; init; }

    /// <summary>Of a matrix product.</summary>
    public required int Threads { get; init; }

    /// <summary>Load average of the last minute.</summary>
    public required string LoadBefore { get; init; }

    public required string LoadAfter { get; init; }

    /// <summary>JPEGs that the images were made of.</summary>
    public required int ImageFiles { get; init; }

    /// <summary>Different crops ÷ all crops, over the images of a repetition.</summary>
    public required double DistinctCrops { get; init; }

    public required IReadOnlyList<WorkloadResult> Results { get; init; }
}
