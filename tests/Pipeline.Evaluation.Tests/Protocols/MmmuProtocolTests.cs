using Pipeline.Evaluation.Protocols;

namespace Pipeline.Evaluation.Tests.Protocols;

/// <summary>MMMU: its own parser against lmms-eval's version of it, VLMEvalKit's and the strict one; where the first two find nothing they draw, here always the same letter.</summary>
public sealed class MmmuProtocolTests
{
    [Theory]
    //          answer                                        official    lmms-eval   vlmevalkit  strict
    [InlineData("B", "B right", "B right", "B right", "B right")]
    [InlineData("B.", "B right", "B right", "B right", "B right")]
    [InlineData("A.", "A wrong", "A wrong", "A wrong", "A wrong")]
    [InlineData("(B) cat", "B right", "B right", "B right", "- wrong")]
    [InlineData("(A) or (B)", "B right", "B right", "- wrong", "- wrong")]
    [InlineData("(B), not (A)", "A wrong", "A wrong", "- wrong", "- wrong")]
    [InlineData("A B", "B right", "B right", "- wrong", "- wrong")]
    [InlineData("B then A then B", "B right", "B right", "- wrong", "- wrong")]
    [InlineData("(B) beats C", "B right", "B right", "- wrong", "- wrong")]
    [InlineData("The answer is C", "C wrong", "C wrong", "C wrong", "- wrong")]
    [InlineData("The answer is B!", "B right", "B right", "B right", "- wrong")]
    [InlineData("I would say that it is a cat", "B right", "B right", "- wrong", "- wrong")]
    [InlineData("First a dog, and then at last a CAT", "B right", "B right", "- wrong", "- wrong")]
    [InlineData("First a cat, and then at last a dog", "A wrong", "A wrong", "- wrong", "- wrong")]
    [InlineData("'B'", "B right", "B right", "- wrong", "- wrong")]
    [InlineData("The DNA is that of a cat", "B right", "A wrong", "- wrong", "- wrong")]
    [InlineData("ABC or else a CAB it seems: cat", "B right", "B right", "- wrong", "- wrong")]
    public void Choices(string answer, string official, string lmms, string vlmevalkit, string strict)
    {
        EvaluationItem item = Judging.Item("B", "dog", "cat", "horse");
        Assert.Equal(official, Judging.Of("mmmu", "official", item, answer));
        Assert.Equal(lmms, Judging.Of("mmmu", "lmms-eval", item, answer));
        Assert.Equal(vlmevalkit, Judging.Of("mmmu", "vlmevalkit", item, answer));
        Assert.Equal(strict, Judging.Of("mmmu", "strict", item, answer));
    }

    [Theory]
    [InlineData("B. cat", "B right")]
    [InlineData("C. or A. perhaps", "A wrong")]
    [InlineData("A.B.C. x", "A wrong")]
    public void A_letter_with_a_full_stop_behind_it_is_found_by_lmms_eval_alone(string answer, string lmms)
    {
        EvaluationItem item = Judging.Item("B", "dog", "cat", "horse");
        Assert.StartsWith("- ", Judging.Of("mmmu", "official", item, answer), StringComparison.Ordinal);
        Assert.Equal(lmms, Judging.Of("mmmu", "lmms-eval", item, answer));
    }

    [Fact]
    public void The_prompt_has_a_blank_line_before_its_suffix() => Assert.Equal(
        "Which?\nA. dog\nB. cat\n\nAnswer with the option's letter from the given choices directly.",
        Benchmark.Find("mmmu")!.FindProtocol("lmms-eval")!.Prompt(Judging.Item("B", "dog", "cat")));

    [Theory]
    [InlineData("")]
    [InlineData("no idea")]
    [InlineData("D")]
    [InlineData("b")]
    public void Drawn_letters_are_unparsed_and_always_the_same(string answer)
    {
        string[] judged = [.. Enumerable.Range(0, 60).Select(i => Judging.Of("mmmu", "lmms-eval", Judging.Item("B", "dog", "cat", "horse") with { Id = $"row{i}" }, answer))];
        Assert.All(judged, one => Assert.StartsWith("- ", one, StringComparison.Ordinal));
        Assert.InRange(judged.Count(one => one == "- right"), 10, 30);
        Assert.Equal(judged, Enumerable.Range(0, 60).Select(i => Judging.Of("mmmu", "lmms-eval", Judging.Item("B", "dog", "cat", "horse") with { Id = $"row{i}" }, answer)));
    }

    [Theory]
    [InlineData("8", "8", true)]
    [InlineData("8", "The answer is 8.", true)]
    [InlineData("8", "8.001", true)]
    [InlineData("8", "80", false)]
    [InlineData("1,200", "so x = 1200", true)]
    [InlineData("1200", "It is 1,200 in all", true)]
    [InlineData("-3.5", "therefore y = -3.5", true)]
    [InlineData("0.33", "the result is 0.333", true)]
    [InlineData("heart", "The organ is the heart", true)]
    [InlineData("heart", "The Heart", true)]
    [InlineData("heart", "The organ is the liver", false)]
    [InlineData("heart", "", false)]
    [InlineData("heart", "heart. So the final answer is lung", false)]
    [InlineData("heart", "It is lung\nNo: heart", false)]
    [InlineData("8", "The first is 7\nThe second is 8", true)]
    [InlineData("C", "c", true)]
    [InlineData("C", "The point is C", true)]
    [InlineData("C", "Cable", false)]
    [InlineData(".5", "x = .5", true)]
    [InlineData("1234.5", "It is 1,234.5", true)]
    [InlineData("1234.5", "It is 1,234.5 m", false)]
    [InlineData("1234", "It is 1,234.5 m", true)]
    [InlineData("10", "so 1e1 volts", true)]
    [InlineData("8", "18 and 28", false)]
    public void Open_questions(string truth, string answer, bool isRight) =>
        Assert.EndsWith(isRight ? "right" : "wrong", Judging.Of("mmmu", "lmms-eval", Judging.Item(truth), answer), StringComparison.Ordinal);
}
