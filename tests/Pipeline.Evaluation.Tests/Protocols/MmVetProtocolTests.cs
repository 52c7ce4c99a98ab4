using System.Text.Json;
using Pipeline.Evaluation.Forms;
using Pipeline.Evaluation.Protocols;
using Pipeline.Evaluation.Scoring;

namespace Pipeline.Evaluation.Tests.Protocols;

/// <summary>MM-Vet: what a judge is asked, what is made of its replies, and how they are put together.</summary>
public sealed class MmVetProtocolTests
{
    [Theory]
    [InlineData("""{"id": "v1_0", "score": 0.7}""", "v1_0", 0.7)]
    [InlineData("""{"id": "v1_0", "score": 0}""", "v1_0", 0)]
    [InlineData("""{"id": "v1_0", "score": 1}""", "v1_0", 1)]
    [InlineData("""{"id": "v1_0", "score": 1.0, "why": "all there"}""", "v1_0", 1)]
    [InlineData("""{"id": "v1_0", "score": 5e-1}""", "v1_0", 0.5)]
    [InlineData("""{"id": "v1_0", "score": "0.7"}""", "v1_0", 0.7)]
    [InlineData("""{"id": "v1_0", "score": " 0.7\n"}""", "v1_0", 0.7)]
    [InlineData("""{"id": "v1_0", "score": "0.7 since one of two is right"}""", "v1_0", 0.7)]
    [InlineData("""{"id": "v1_0", "score": "1"}""", "v1_0", 1)]
    [InlineData("""{"id": 7, "score": 0.3}""", "7", 0.3)]
    public void Judgements(string line, string id, double score) => Assert.Equal(new JudgementLine(id, score), Read(line));

    [Theory]
    [InlineData("""{"id": "v1_0", "score": 1.1}""", "the score of 'v1_0'")]
    [InlineData("""{"id": "v1_0", "score": -0.1}""", "the score of 'v1_0'")]
    [InlineData("""{"id": "v1_0", "score": 70}""", "the score of 'v1_0'")]
    [InlineData("""{"id": "v1_0", "score": "all right"}""", "the score of 'v1_0'")]
    [InlineData("""{"id": "v1_0", "score": "Grade: 0.7"}""", "the score of 'v1_0'")]
    [InlineData("""{"id": "v1_0", "score": "0,7"}""", "the score of 'v1_0'")]
    [InlineData("""{"id": "v1_0", "score": "7/10"}""", "the score of 'v1_0'")]
    [InlineData("""{"id": "v1_0", "score": "NaN"}""", "the score of 'v1_0'")]
    [InlineData("""{"id": "v1_0", "score": ""}""", "the score of 'v1_0'")]
    [InlineData("""{"id": "v1_0", "score": null}""", "the score of 'v1_0'")]
    [InlineData("""{"id": "v1_0", "score": true}""", "the score of 'v1_0'")]
    [InlineData("""{"id": "v1_0"}""", "the score of 'v1_0'")]
    [InlineData("""{"score": 0.7}""", "no 'id'")]
    [InlineData("""{"id": null, "score": 0.7}""", "no 'id'")]
    [InlineData("""["v1_0", 0.7]""", "no 'id'")]
    public void No_judgements(string line, string expected)
    {
        string message = Assert.Throws<FormException>(() => Read(line)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.StartsWith("file:1: ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-5", "-5 out")]
    [InlineData("A.", "A. out")]
    [InlineData("x is -1 or -5", "x is -1 or -5 out")]
    [InlineData("no, there isn't", "no, there isn't out")]
    [InlineData("", "- wrong")]
    [InlineData(" \n", "- wrong")]
    public void Answers_wait_for_a_judge_unless_there_is_nothing_to_judge(string answer, string expected) =>
        Assert.Equal(expected, Judging.Of("mm-vet", "mm-vet", Judging.Item("-1 <AND> -5"), answer));

    /// <summary>By hand: (0.4 + 1 + 0) ÷ 3; of "ocr" (0.4 + 1) ÷ 2, of "math" (0.4 + 0) ÷ 2, since a failed row is wrong without a judge; the fourth waits for its own.</summary>
    [Fact]
    public void Judgements_are_averaged_over_all_and_over_each_capability()
    {
        Benchmark vet = Benchmark.Find("mm-vet")!;
        ScoreReport report = ScoreReport.Of(vet, vet.Protocols[0], RowScorer.Score(
            vet, vet.Protocols[0],
            [Row("a", "x", "ocr", "math"), Row("b", "y", "ocr"), Row("c", null, "math"), Row("d", "z", "know")],
            new Dictionary<string, double> { ["a"] = 0.4, ["b"] = 1 }));
        Assert.Equal((1.4 / 3, 3, 1), (report.Figures[0].Value, report.Figures[0].Count, report.LeftOut));
        Assert.Equal([("know", 0), ("math", 1), ("ocr", 1)], report.Groups.Select(group => (group.Value, group.Figures.Count)));
        Assert.Equal([0.2, 0.7], report.Groups.Where(group => group.Figures.Count > 0).Select(group => group.Figures[0].Value), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void A_judge_sees_question_reference_and_answer()
    {
        string prompt = JudgePrompt.Of(Judging.Item("-1 <AND> -5"), "x is -1");
        Assert.Contains("Question: Which?\nReference: -1 <AND> -5\nAnswer: x is -1", prompt, StringComparison.Ordinal);
    }

    private static (EvaluationItem, string?) Row(string id, string? answer, params string[] capabilities) =>
        (Judging.Item("x") with { Id = id, Groups = [.. capabilities.Select(one => ("capability", one))] }, answer);

    private static JudgementLine Read(string line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return JudgementLine.Read(json.RootElement, "file:1");
    }
}
