namespace Pipeline.Jobs.Rows;

/// <summary>One output row: what the model said of one image, or why it could not.</summary>
/// <remarks><c>docs/dataset.md</c> documents the columns.</remarks>
public sealed record AnnotationRow
{
    /// <summary>The image's key: unique in the dataset.</summary>
    public required string Id { get; init; }

    public required string SourceUri { get; init; }
    public required string SourceETag { get; init; }

    /// <summary>Of the encoded image, lower-case hex; null if it could not be read.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Pixels, of the decoded image; null if it could not be decoded.</summary>
    public int? Width { get; init; }
    public int? Height { get; init; }

    /// <summary>"jpeg", "png", …; null if unknown.</summary>
    public string? Format { get; init; }

    /// <summary>Length of the encoded image; null if it could not be read.</summary>
    public long? Bytes { get; init; }

    /// <summary>Null for an annotated image.</summary>
    public RowFailure? Failure { get; init; }

    /// <summary>A sentence with the particulars of <see cref="Failure"/>.</summary>
    public string? FailureMessage { get; init; }

    /// <summary>Null if the row failed or the job asks for no caption.</summary>
    public GeneratedText? Caption { get; init; }

    /// <summary>One a question in the job's order; empty if the row failed.</summary>
    public IReadOnlyList<Label> Labels { get; init; } = [];
}

/// <summary>Text that the model wrote.</summary>
/// <param name="Text">Without stop token.</param>
/// <param name="FinishReason">"stop" (the model ended it) or "length" (cut at max_tokens).</param>
/// <param name="Tokens">Generated, the stop token included.</param>
/// <param name="MeanLogProbability">Mean natural-log probability of those tokens.</param>
public sealed record GeneratedText(string Text, string FinishReason, int Tokens, double MeanLogProbability);

/// <summary>The answer to one question.</summary>
public sealed record Label
{
    public required string QuestionId { get; init; }
    public required string Question { get; init; }

    /// <summary>"open", "yes-no" or "choice".</summary>
    public required string Kind { get; init; }

    public required string Answer { get; init; }

    /// <summary>Probability of the answer among the choices, 0 to 1; null for open questions.</summary>
    public double? Confidence { get; init; }

    /// <summary>All choices with their probabilities, in the question's order; empty for open questions.</summary>
    public IReadOnlyList<ScoredChoice> Choices { get; init; } = [];

    /// <summary>As of <see cref="GeneratedText"/>; null for scored questions.</summary>
    public string? FinishReason { get; init; }
    public int? Tokens { get; init; }
}

public sealed record ScoredChoice(string Choice, double Probability);

/// <summary>What is the same for all rows of one shard attempt.</summary>
public sealed record RowProvenance
{
    public required string JobId { get; init; }
    public required string Model { get; init; }
    public required string ModelRevision { get; init; }

    /// <summary>sha256 of the caption prompt and questions, lower-case hex.</summary>
    public required string PromptHash { get; init; }

    /// <summary>sha256 of everything else that can change an answer (max tokens, sampling), lower-case hex.</summary>
    public required string ParametersHash { get; init; }

    public required string CodeVersion { get; init; }
    public required int Attempt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
