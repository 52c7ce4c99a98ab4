using Pipeline.Evaluation.Metrics;
using Pipeline.Evaluation.Protocols;

namespace Pipeline.Evaluation.Scoring;

/// <summary>Puts a protocol to answers.</summary>
public static class RowScorer
{
    /// <param name="benchmark">What kind of rows they are.</param>
    /// <param name="protocol">Who judges.</param>
    /// <param name="answers">Rows and what the model wrote; null where the row failed.</param>
    /// <param name="judgements">Scores from outside by row id, 0 to 1, for judged benchmarks.</param>
    public static IReadOnlyList<ScoredRow> Score(
        Benchmark benchmark, Protocol protocol, IReadOnlyList<(EvaluationItem Item, string? Answer)> answers, IReadOnlyDictionary<string, double>? judgements = null)
    {
        List<ScoredRow> rows = [.. answers.Select(pair => new ScoredRow
        {
            Item = pair.Item,
            Answer = pair.Answer,
            Judgement = pair.Answer is null ? Judgement.Unparsed : protocol.Judge(pair.Item, pair.Answer),
        })];
        return benchmark.Kind switch
        {
            BenchmarkKind.Caption => Captions(rows),
            BenchmarkKind.Judged => [.. rows.Select(row => row with { Judgement = row.Judgement with { Score = judgements is null ? null : Judged(row, judgements) } })],
            _ => rows,
        };
    }

    /// <summary>There is nothing to judge where nothing was written: wrong, like a failed row.</summary>
    private static double? Judged(ScoredRow row, IReadOnlyDictionary<string, double> judgements) =>
        row.Judgement.Parsed is null ? 0 : judgements.TryGetValue(row.Item.Id, out double score) ? score : null;

    private static IReadOnlyList<ScoredRow> Captions(IReadOnlyList<ScoredRow> rows)
    {
        List<IReadOnlyList<IReadOnlyList<string>>> references = [.. rows.Select(row => (IReadOnlyList<IReadOnlyList<string>>)[.. row.Item.References.Select(Words.Of)])];
        Cider cider = new(references);
        List<string> objects = [.. rows.SelectMany(row => row.Item.Objects ?? []).Distinct()];
        return [.. rows.Zip(references, (row, wanted) =>
        {
            IReadOnlyList<string> words = Words.Of(row.Answer ?? "");
            return row with
            {
                Caption = new CaptionScores(
                    BleuCounts.Of(words, wanted), RougeL.Of(words, wanted), cider.Plain(words, wanted), cider.D(words, wanted), MeteorExact.Of(words, wanted),
                    row is { Item.Objects: { } there, Answer: { } caption } ? ChairCounts.Of(caption, there, objects) : null),
            };
        })];
    }
}
