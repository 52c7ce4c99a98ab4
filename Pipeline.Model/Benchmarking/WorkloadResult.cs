namespace Pipeline.Model.Benchmarking;

/// <summary>All runs of a workload.</summary>
public sealed record WorkloadResult
{
    public required string Name { get; init; }

    /// <summary>Of each image.</summary>
    public required int Prompts { get; init; }

    /// <summary>Of each repetition.</summary>
    public required int Images { get; init; }

    /// <summary>What the reference reached; null where it was not measured.</summary>
    public required ReferenceSpeed? Reference { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<RepetitionResult> Repetitions { get; init; }

    /// <summary>Ratio to the rate of matrix products ÷ the reference's, both without sharing counted.</summary>
    public double? SpeedUp => Reference is { } reference ? Median(run => run.NeededWithoutSharingRatio) / reference.NeededWithoutSharing : null;

    /// <summary>Computed run by run, then the median.</summary>
    public double Median(Func<RepetitionResult, double> value) => Repetitions.Select(value).Median();
}
