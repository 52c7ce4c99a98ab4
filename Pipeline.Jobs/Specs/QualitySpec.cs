namespace Pipeline.Jobs.Specs;

/// <summary>What to do with a caption that is empty, cut off, loops or refuses.</summary>
public sealed record QualitySpec
{
    /// <summary>Most further attempts at a caption with a defect, each with other sampling; 0 only records the defect. 0 to 5, default 2.</summary>
    public int MaxRetries { get; init; } = DefaultMaxRetries;

    public const int DefaultMaxRetries = 2;
}
