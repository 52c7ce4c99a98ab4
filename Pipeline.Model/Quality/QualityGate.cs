namespace Pipeline.Model.Quality;

/// <summary>Answers with a defect are written again with changed sampling, on the image that is still in the cache.</summary>
public sealed record QualityGate
{
    /// <summary>Most further attempts; 0 only records the defect. 0 to 5; default 2.</summary>
    public int MaxRetries { get; init; } = 2;
}
