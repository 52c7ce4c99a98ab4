namespace Pipeline.Jobs.Rows;

/// <summary>The answer to one question.</summary>
public sealed record Label
{
    public required string QuestionId { get; init; }
    public required string Question { get; init; }

    /// <summary>"open", "yes-no", "choice", "multi-choice", "number" or "regex".</summary>
    public required string Kind { get; init; }

    /// <summary>As written, or the choice; of multi-choice questions all choices that apply with "; " between them, or an empty text.</summary>
    public required string Answer { get; init; }

    /// <summary>The answer of a "number" question as a number; null for other kinds.</summary>
    public double? Value { get; init; }

    /// <summary>
    /// Probability of the answer among the choices, 0 to 1; of multi-choice questions that just these choices apply, each taken by
    /// itself. Null for answers that the model writes.
    /// </summary>
    public double? Confidence { get; init; }

    /// <summary>All choices with their probabilities, in the question's order; empty for answers that the model writes.</summary>
    public IReadOnlyList<ScoredChoice> Choices { get; init; } = [];

    /// <summary>As of <see cref="GeneratedText"/>; null for scored questions.</summary>
    public string? FinishReason { get; init; }
    public int? Tokens { get; init; }
    public double? MeanLogProbability { get; init; }

    /// <summary>As of <see cref="GeneratedText"/>.</summary>
    public IReadOnlyList<double> LogProbabilities { get; init; } = [];
}

public sealed record ScoredChoice(string Choice, double Probability);
