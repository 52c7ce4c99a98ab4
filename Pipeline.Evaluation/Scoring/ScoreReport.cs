using Pipeline.Evaluation.Metrics;
using Pipeline.Evaluation.Protocols;

namespace Pipeline.Evaluation.Scoring;

/// <summary>A benchmark's figures with all that is needed to judge them.</summary>
public sealed record ScoreReport
{
    public required string Benchmark { get; init; }

    public required string Protocol { get; init; }

    /// <summary>All rows; failed, unparsed and left out ones too.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows without an answer, such as unreadable images; they count as wrong.</summary>
    public required int Failed { get; init; }

    /// <summary>Answers that the protocol could read nothing from.</summary>
    public required int Unparsed { get; init; }

    /// <summary>Rows that are in no denominator: by the protocol, or not judged yet.</summary>
    public required int LeftOut { get; init; }

    /// <summary>The published metric first.</summary>
    public required IReadOnlyList<ScoreFigure> Figures { get; init; }

    public required IReadOnlyList<ScoreGroup> Groups { get; init; }

    public static ScoreReport Of(Benchmark benchmark, Protocol protocol, IReadOnlyList<ScoredRow> rows) => new()
    {
        Benchmark = benchmark.Name,
        Protocol = protocol.Name,
        Rows = rows.Count,
        Failed = rows.Count(row => row.Answer is null),
        Unparsed = rows.Count(row => row.Answer is not null && row.Judgement.Parsed is null),
        LeftOut = benchmark.Kind is BenchmarkKind.Caption ? 0 : rows.Count(row => row.Judgement.Score is null),
        Figures = [.. ScoreMetrics.Of(benchmark.Kind, protocol).Select(metric => Figure(metric, rows, Bootstrap.Interval)).OfType<ScoreFigure>()],
        Groups =
        [
            .. rows.SelectMany(row => row.Item.Groups.Distinct().Select(group => (Group: group, Row: row))).GroupBy(pair => pair.Group, pair => pair.Row)
                .OrderBy(group => group.Key.Group, StringComparer.Ordinal).ThenBy(group => group.Key.Value, StringComparer.Ordinal)
                .Select(group => new ScoreGroup(group.Key.Group, group.Key.Value, group.Count(), [.. ScoreMetrics.Of(benchmark.Kind, protocol).Select(metric => Figure(metric, [.. group], null)).OfType<ScoreFigure>()])),
        ],
    };

    private static ScoreFigure? Figure(
        ScoreMetric metric, IReadOnlyList<ScoredRow> rows, Func<IReadOnlyList<ScoredRow>, Func<IReadOnlyList<ScoredRow>, double>, (double Low, double High)>? interval)
    {
        List<ScoredRow> counted = [.. rows.Where(metric.Counts)];
        (double Low, double High)? range = interval?.Invoke(counted, metric.Of);
        return counted.Count == 0 ? null : new ScoreFigure(metric.Name, metric.Of(counted), range?.Low, range?.High, counted.Count);
    }
}

/// <summary>A metric's value.</summary>
/// <param name="Name">Of the metric.</param>
/// <param name="Value">0 to 1; CIDEr 0 to 10.</param>
/// <param name="Low">Lower end of the 95 % interval; null: not computed.</param>
/// <param name="High">Upper end.</param>
/// <param name="Count">Rows in the denominator.</param>
public sealed record ScoreFigure(string Name, double Value, double? Low, double? High, int Count);

/// <summary>Figures of the rows of one group.</summary>
public sealed record ScoreGroup(string Group, string Value, int Rows, IReadOnlyList<ScoreFigure> Figures);
