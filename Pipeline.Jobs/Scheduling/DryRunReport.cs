using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Scheduling;

/// <summary>What a job would do: the body of <c>POST /v1/jobs/dry-run</c>. Nothing was started or claimed.</summary>
public sealed record DryRunReport
{
    /// <summary>The job that the spec is.</summary>
    public required string JobId { get; init; }

    /// <summary>Rows that the dataset would have, as far as they were counted.</summary>
    public required long Images { get; init; }

    /// <summary>False if the source has more than were counted.</summary>
    public required bool IsCounted { get; init; }

    /// <summary>Of <see cref="Images"/>, rows of the source that cannot be used and would be failures.</summary>
    public required long UnusableRows { get; init; }

    /// <summary>Parquet files of the dataset.</summary>
    public required int Shards { get; init; }

    /// <summary>Length of the images where the source tells it; 0 where it does not.</summary>
    public required long SourceBytes { get; init; }

    /// <summary>The first images with what would be asked of them.</summary>
    public required IReadOnlyList<DryRunSample> Samples { get; init; }

    /// <summary>Why the samples have no answers; null if they have.</summary>
    public string? NoAnswers { get; init; }

    /// <summary>Null where nothing is known of the model's speed.</summary>
    public Estimate? Seconds { get; init; }

    /// <summary>Of the Parquet files.</summary>
    public required Estimate Bytes { get; init; }
}

/// <summary>One image of a dry run.</summary>
/// <param name="Image">Its key.</param>
/// <param name="Caption">Prompt of its caption, with the row's values in it.</param>
/// <param name="Questions">What it would be asked.</param>
/// <param name="Answers">What the model said; null if it was not asked.</param>
public sealed record DryRunSample(string Image, string? Caption, IReadOnlyList<Question> Questions, DryRunAnswers? Answers);

/// <summary>What a model said of an image.</summary>
/// <param name="Caption">Null if none is asked for.</param>
/// <param name="Labels">Answers by the questions' ids.</param>
/// <param name="Failure">Why there are none; null otherwise.</param>
public sealed record DryRunAnswers(string? Caption, IReadOnlyDictionary<string, string> Labels, string? Failure);

/// <summary>A number that is not known yet.</summary>
/// <param name="Value">The best that can be said.</param>
/// <param name="Basis">What it rests on.</param>
public sealed record Estimate(double Value, string Basis);
