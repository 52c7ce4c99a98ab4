using Pipeline.Model.Engine;

namespace Pipeline.Model.Benchmarking;

/// <summary>What is measured.</summary>
public sealed record EngineBenchmarkSettings
{
    /// <summary>config.json, CLIP config and tokenizer, and weights where they are to be read.</summary>
    public required string ConfigFolder { get; init; }

    /// <summary>Run the folder's own weights rather than random ones of the same shapes. Default false.</summary>
    public bool ReadsWeights { get; init; }

    /// <summary>Folder of JPEGs.</summary>
    public required string ImageFolder { get; init; }

    /// <summary>At least one; each runs once in every round.</summary>
    public required IReadOnlyList<Workload> Workloads { get; init; }

    /// <summary>Limits of the engine.</summary>
    public required EngineOptions Engine { get; init; }

    /// <summary>Rounds through all workloads, at least 1.</summary>
    public required int Repetitions { get; init; }

    /// <summary>Images of a repetition, at least 1; null: as many as the engine generates answers at a time, and at least the folder's JPEGs.</summary>
    public int? ImagesPerRepetition { get; init; }
}
