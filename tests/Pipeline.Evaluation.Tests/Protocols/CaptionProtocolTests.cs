using Pipeline.Evaluation.Protocols;
using Pipeline.Evaluation.Scoring;

namespace Pipeline.Evaluation.Tests.Protocols;

/// <summary>
/// Captions against references, by hand. BLEU: matches over words, times e^(1 − r/c) where the text is shorter; BLEU-2 its geometric mean with that of pairs.
/// ROUGE-L: 2.44·P·R ÷ (R + 1.44·P), P and R the longest common subsequence over the words of text and reference.
/// </summary>
public sealed class CaptionProtocolTests
{
    [Theory]
    //          caption                    references                     BLEU-1     BLEU-2     ROUGE-L
    [InlineData("a red ball", "a red ball", 1, 1, 1)]
    [InlineData("A RED BALL!", "a red ball", 1, 1, 1)]
    [InlineData("a\nred\nball", "a red ball", 1, 1, 1)]
    [InlineData("", "a red ball", 0, 0, 0)]
    [InlineData("...", "a red ball", 0, 0, 0)]
    [InlineData("two dogs", "a cat", 0, 0, 0)]
    [InlineData("ball", "a red ball", 0.135335, 0, 0.458647)]
    [InlineData("a ball", "a red ball", 0.606531, 0, 0.772152)]
    [InlineData("red ball", "a red ball", 0.606531, 0.606531, 0.772152)]
    [InlineData("ball red a", "a red ball", 1, 0, 0.333333)]
    [InlineData("a red ball a red ball", "a red ball", 0.5, 0.447214, 0.709302)]
    [InlineData("a red ball on a mat", "a red ball", 0.5, 0.447214, 0.709302)]
    [InlineData("a a a", "a", 0.333333, 0, 0.549550)]
    [InlineData("a b c", "a b|a b c d", 1, 1, 1)]
    [InlineData("a ball", "|a ball", 1, 1, 1)]
    [InlineData("no, there isn't", "there is no ball", 0.477687, 0, 0.278539)]
    [InlineData("The answer is C", "c", 0.25, 0, 0.448529)]
    [InlineData("(B) cat", "a cat", 0.5, 0, 0.5)]
    [InlineData("x-ray of chest", "x ray of chest", 1, 1, 1)]
    [InlineData("3 cats", "3 cats", 1, 1, 1)]
    [InlineData("Ein Ball für Käthe", "ein ball für käthe", 1, 1, 1)]
    public void Captions(string caption, string references, double bleu1, double bleu2, double rougeL)
    {
        ScoreReport report = Report(Judging.Item("") with { References = references.Split('|') }, caption);
        Assert.Equal(bleu1, Value(report, "BLEU-1"), 0.000001);
        Assert.Equal(bleu2, Value(report, "BLEU-2"), 0.000001);
        Assert.Equal(rougeL, Value(report, "ROUGE-L"), 0.000001);
    }

    [Fact]
    public void Where_objects_are_given_invented_ones_are_counted()
    {
        ScoreReport report = Report(Judging.Item("a cat") with { Objects = ["cat"] }, "a cat");
        Assert.Equal((0.0, 0.0), (Value(report, "CHAIRi"), Value(report, "CHAIRs")));
        Assert.DoesNotContain(Report(Judging.Item("a cat"), "a cat").Figures, figure => figure.Name.StartsWith("CHAIR", StringComparison.Ordinal));
    }

    [Fact]
    public void An_empty_caption_is_unparsed() => Assert.Equal(1, Report(Judging.Item("a cat"), " ").Unparsed);

    private static ScoreReport Report(EvaluationItem item, string caption)
    {
        Benchmark benchmark = Benchmark.Find("caption")!;
        return ScoreReport.Of(benchmark, benchmark.Protocols[0], RowScorer.Score(benchmark, benchmark.Protocols[0], [(item, caption)]));
    }

    private static double Value(ScoreReport report, string metric) => report.Figures.Single(figure => figure.Name == metric).Value;
}
