using Pipeline.Cli.Display;
using Scenes;
using Scenes.Evaluation;

namespace Pipeline.Cli.Evaluation;

/// <summary>The tables of an evaluation.</summary>
internal static class SceneTables
{
    public static IReadOnlyList<TitledTable> Of(SceneEvaluation evaluation) => [Questions(evaluation), Topics(evaluation.Report), Captions(evaluation), Confidences(evaluation.Report)];

    private static TitledTable Questions(SceneEvaluation evaluation) => new(
        "Questions answered rightly (fine: only the zoom shows it)",
        [
            "kind", "detail", "asked", "right", .. evaluation.Masked is null ? (string[])[] : ["zoom masked"],
            .. evaluation.RandomCrops is null ? (string[])[] : ["random crops"], "chance",
        ],
        [
            .. evaluation.Report.Kinds.Select(score => Row(evaluation, score, report => report.Kinds.Single(other => other.Kind == score.Kind && other.Fine == score.Fine))),
            .. evaluation.Report.Coarse.Count == 0 ? (IReadOnlyList<string>[])[] : [Row(evaluation, evaluation.Report.Coarse, report => report.Coarse)],
            .. evaluation.Report.Fine.Count == 0 ? (IReadOnlyList<string>[])[] : [Row(evaluation, evaluation.Report.Fine, report => report.Fine)],
        ]);

    private static IReadOnlyList<string> Row(SceneEvaluation evaluation, KindScore score, Func<SceneReport, KindScore> same) =>
    [
        score.Kind is { } kind ? Name(kind) : "all", score.Fine ? "fine" : "coarse", $"{score.Count:N0}", Percent(score.Accuracy),
        .. evaluation.Masked is { } masked ? (string[])[Percent(same(masked).Accuracy)] : [],
        .. evaluation.RandomCrops is { } random ? (string[])[Percent(same(random).Accuracy)] : [],
        Percent(score.Chance),
    ];

    private static TitledTable Topics(SceneReport report) => new(
        "Questions by what they ask for and what they name it by, the weakest first",
        ["topic", "example", "asked", "right"],
        [.. report.Topics.Select(topic => (IReadOnlyList<string>)[topic.Topic, topic.Example, $"{topic.Count:N0}", Percent(topic.Accuracy)])]);

    private static TitledTable Captions(SceneEvaluation evaluation) => new(
        "Captions: facts that they tell and that are so, of all they tell",
        ["prompt", "exact", "ROUGE-L", "shapes", "colours", "relations", "these three", "sizes", "places", "signs", "objects named"],
        [.. evaluation.Report.Captions.Select(caption => (IReadOnlyList<string>)
        [
            CaptionPrompts.All[caption.Prompt], Percent(caption.Exact), $"{caption.RougeL:0.000}", Percent(caption.Facts.Objects.Share),
            Percent(caption.Facts.Colours.Share), Percent(caption.Facts.Relations.Share), Percent(caption.Told.Share), Percent(caption.Facts.Sizes.Share),
            Percent(caption.Facts.Places.Share), Percent(caption.Facts.Signs.Share), Percent(caption.Facts.Found.Share),
        ])]);

    private static TitledTable Confidences(SceneReport report) => new(
        "Confidences against how often they are right",
        ["answers", "count", "expected calibration error"],
        [
            ["yes or no", $"{report.YesNo.Count:N0}", $"{report.YesNo.ExpectedError:0.000}"],
            ["choice", $"{report.Choice.Count:N0}", $"{report.Choice.ExpectedError:0.000}"],
            ["both", $"{report.Scored.Count:N0}", $"{report.Scored.ExpectedError:0.000}"],
        ]);

    private static string Name(QuestionKind kind) => kind is QuestionKind.YesNo ? "yes-no" : kind.ToString().ToLowerInvariant();

    private static string Percent(double share) => double.IsNaN(share) ? "–" : $"{share:P1}";
}
