using Pipeline.Evaluation.Metrics;
using Pipeline.Evaluation.Protocols;

namespace Pipeline.Evaluation.Scoring;

/// <summary>The metrics of each kind of benchmark, the published one first.</summary>
internal static class ScoreMetrics
{
    public static IReadOnlyList<ScoreMetric> Of(BenchmarkKind kind, Protocol protocol) => kind switch
    {
        BenchmarkKind.YesNo =>
        [
            .. protocol.AveragesCategories ? (ScoreMetric[])[new("F1, mean of categories", Any, rows => rows.GroupBy(Category).Average(rows => Counts([.. rows], protocol).F1))] : [],
            new("F1", Any, rows => Counts(rows, protocol).F1), new("accuracy", Any, rows => Counts(rows, protocol).Accuracy),
            new("precision", Any, rows => Counts(rows, protocol).Precision), new("recall", Any, rows => Counts(rows, protocol).Recall),
            new("yes ratio", Any, rows => Counts(rows, protocol).YesRatio),
        ],
        BenchmarkKind.Medical =>
        [
            new("closed accuracy", row => !row.Item.IsOpen && row.Judgement.Score is not null, Mean),
            new("open token F1", row => row.Item.IsOpen, Mean),
            new("open token recall", row => row.Item.IsOpen, rows => rows.Average(row => row.Answer is null ? 0 : TokenF1.Of(row.Answer, row.Item.Answer).Recall)),
        ],
        BenchmarkKind.Judged => [new("judged score", row => row.Judgement.Score is not null, Mean)],
        BenchmarkKind.Caption =>
        [
            new("ROUGE-L", Any, rows => rows.Average(row => row.Caption!.RougeL)), new("CIDEr-D", Any, rows => rows.Average(row => row.Caption!.CiderD)),
            new("CIDEr", Any, rows => rows.Average(row => row.Caption!.Cider)), new("METEOR-exact", Any, rows => rows.Average(row => row.Caption!.Meteor)),
            .. Enumerable.Range(1, Bleu.Longest).Select(n => new ScoreMetric($"BLEU-{n}", Any, rows => Bleu.Of([.. rows.Select(row => row.Caption!.Bleu)])[n - 1])),
            new("CHAIRi", HasObjects, rows => Chair.Of([.. rows.Select(row => row.Caption!.Chair!)]).Instance),
            new("CHAIRs", HasObjects, rows => Chair.Of([.. rows.Select(row => row.Caption!.Chair!)]).Sentence),
        ],
        _ => [new("accuracy", row => row.Judgement.Score is not null, Mean)],
    };

    private static bool Any(ScoredRow row) => true;

    private static string? Category(ScoredRow row) => row.Item.Groups.FirstOrDefault(group => group.Group == "category").Value;

    private static bool HasObjects(ScoredRow row) => row.Caption!.Chair is not null;

    private static double Mean(IReadOnlyList<ScoredRow> rows) => rows.Average(row => row.Judgement.Score ?? 0);

    private static YesNoCounts Counts(IReadOnlyList<ScoredRow> rows, Protocol protocol) =>
        YesNoCounts.Of(rows.Select(row => (row.Item.Answer, row.Judgement.Parsed)), protocol.RecallCountsUnparsed);
}

/// <summary>A figure over rows.</summary>
/// <param name="Name">As printed.</param>
/// <param name="Counts">Which rows are in its denominator.</param>
/// <param name="Of">The figure of at least one such row.</param>
internal sealed record ScoreMetric(string Name, Func<ScoredRow, bool> Counts, Func<IReadOnlyList<ScoredRow>, double> Of);
