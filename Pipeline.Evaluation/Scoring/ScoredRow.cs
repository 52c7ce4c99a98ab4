using Pipeline.Evaluation.Metrics;
using Pipeline.Evaluation.Protocols;

namespace Pipeline.Evaluation.Scoring;

/// <summary>A row with what the model wrote and what it is worth.</summary>
public sealed record ScoredRow
{
    public required EvaluationItem Item { get; init; }

    /// <summary>Null: the row failed, and counts as wrong.</summary>
    public required string? Answer { get; init; }

    public required Judgement Judgement { get; init; }

    /// <summary>Null: no caption.</summary>
    public CaptionScores? Caption { get; init; }
}

/// <summary>What a caption is worth by itself.</summary>
/// <param name="Bleu">What it adds to BLEU.</param>
/// <param name="RougeL">0 to 1.</param>
/// <param name="Cider">0 to 10.</param>
/// <param name="CiderD">0 to 10.</param>
/// <param name="Meteor">0 to 1.</param>
/// <param name="Chair">Null: the objects in the image are not known, or the row failed.</param>
public sealed record CaptionScores(BleuCounts Bleu, double RougeL, double Cider, double CiderD, double Meteor, ChairCounts? Chair);
