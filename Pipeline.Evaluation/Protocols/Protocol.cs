namespace Pipeline.Evaluation.Protocols;

/// <summary>How a harness asks and judges: a score means nothing without its name.</summary>
public sealed record Protocol
{
    public required string Name { get; init; }

    /// <summary>The text put to the model.</summary>
    public required Func<EvaluationItem, string> Prompt { get; init; }

    /// <summary>Judges what the model wrote.</summary>
    public required Func<EvaluationItem, string, Judgement> Judge { get; init; }

    /// <summary>Whether the recall of "yes" counts answers that could not be read, as missed; lmms-eval's does not.</summary>
    public bool RecallCountsUnparsed { get; init; } = true;

    /// <summary>Whether the published F1 is the mean of those of the categories, as LLaVA's of POPE is, and not that of all rows together.</summary>
    public bool AveragesCategories { get; init; }
}
