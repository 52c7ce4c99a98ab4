namespace Pipeline.Model.Engine;

/// <summary>Limits of the engine, by vLLM's names.</summary>
public sealed record EngineOptions
{
    /// <summary>Most positions of one sequence: image, prompt and answer. Default: image positions + 2,048, at most what the model was trained for.</summary>
    public int? MaxModelLen { get; init; }
}
