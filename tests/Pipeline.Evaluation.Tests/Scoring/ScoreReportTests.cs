using Pipeline.Evaluation.Protocols;
using Pipeline.Evaluation.Scoring;

namespace Pipeline.Evaluation.Tests.Scoring;

public sealed class ScoreReportTests
{
    [Fact]
    public void Failed_and_unparsed_rows_count_as_wrong()
    {
        ScoreReport report = Report("pope", "strict", ("yes", "yes"), ("no", "no"), ("yes", "hm"), ("yes", null));
        Assert.Equal((4, 1, 1, 0), (report.Rows, report.Failed, report.Unparsed, report.LeftOut));
        Assert.Equal(0.5, report.Figures.Single(figure => figure.Name == "accuracy").Value);
        Assert.Equal(0.5, report.Figures[0].Value, 12);
    }

    [Fact]
    public void The_recall_of_lmms_eval_does_not_see_what_it_could_not_read()
    {
        ScoreReport report = Report("pope", "lmms-eval", ("yes", "yes"), ("no", "no"), ("yes", "hm"), ("no", "hm"));
        Assert.Equal((1.0, 0.5), (report.Figures.Single(figure => figure.Name == "recall").Value, report.Figures.Single(figure => figure.Name == "accuracy").Value));
    }

    /// <summary>By hand: F1 is 1 of the first category and 2/3 of the second (precision 1/2, recall 1); of all four rows together 4/5.</summary>
    [Fact]
    public void Llava_publishes_the_mean_of_popes_categories()
    {
        Benchmark pope = Benchmark.Find("pope")!;
        Protocol llava = pope.FindProtocol("llava")!;
        (EvaluationItem, string?)[] rows = [Row("yes", "random", "yes"), Row("no", "random", "no"), Row("yes", "popular", "yes"), Row("no", "popular", "yes")];
        ScoreReport report = ScoreReport.Of(pope, llava, RowScorer.Score(pope, llava, rows));
        Assert.Equal(["F1, mean of categories", "F1"], report.Figures.Take(2).Select(figure => figure.Name));
        Assert.Equal(5.0 / 6, report.Figures[0].Value, 12);
        Assert.Equal(0.8, report.Figures[1].Value, 12);

        static (EvaluationItem, string?) Row(string truth, string category, string answer) => (Judging.Item(truth) with { Groups = [("category", category)] }, answer);
    }

    [Fact]
    public void The_legacy_script_leaves_wrong_answers_out_and_the_strict_one_does_not()
    {
        (string, string?)[] rows = [("yes", "yes"), ("no", "yes"), ("no", "no"), ("yes", "hm")];
        Assert.Equal((0.5, 4), Closed(Report("vqa-rad", "strict", rows)));
        ScoreReport legacy = Report("vqa-rad", "llava-med-legacy", rows);
        Assert.Equal((2.0 / 3, 3), Closed(legacy));
        Assert.Equal(1, legacy.LeftOut);

        static (double, int) Closed(ScoreReport report) => (report.Figures[0].Value, report.Figures[0].Count);
    }

    [Fact]
    public void Groups_have_their_own_figures()
    {
        Benchmark pope = Benchmark.Find("pope")!;
        Protocol protocol = pope.FindProtocol("lmms-eval")!;
        ScoreReport report = ScoreReport.Of(pope, protocol, RowScorer.Score(pope, protocol,
        [
            (Judging.Item("yes") with { Groups = [("split", "random")] }, "yes"), (Judging.Item("yes") with { Groups = [("split", "popular")] }, "no"),
        ]));
        Assert.Equal(["popular", "random"], report.Groups.Select(group => group.Value));
        Assert.Equal([0.0, 1.0], report.Groups.Select(group => group.Figures[0].Value));
    }

    [Fact]
    public void Captions_are_scored_over_the_set()
    {
        Benchmark captions = Benchmark.Find("caption")!;
        ScoreReport report = ScoreReport.Of(captions, captions.Protocols[0], RowScorer.Score(
            captions, captions.Protocols[0], [(Judging.Item("a red ball rolls"), "a red ball rolls"), (Judging.Item("two green cats sleep"), null)]));
        Assert.Equal(5, report.Figures.Single(figure => figure.Name == "CIDEr-D").Value, 9);
        Assert.Equal(0.5, report.Figures.Single(figure => figure.Name == "ROUGE-L").Value, 9);
        Assert.Equal(Math.Exp(1 - 2), report.Figures.Single(figure => figure.Name == "BLEU-4").Value, 9);
    }

    private static ScoreReport Report(string name, string protocolName, params (string Truth, string? Answer)[] rows)
    {
        Benchmark benchmark = Benchmark.Find(name)!;
        Protocol protocol = benchmark.FindProtocol(protocolName)!;
        return ScoreReport.Of(benchmark, protocol, RowScorer.Score(benchmark, protocol, [.. rows.Select(row => (Judging.Item(row.Truth), row.Answer))]));
    }
}
