using Pipeline.Evaluation.Protocols;

namespace Pipeline.Evaluation.Tests.Protocols;

/// <summary>MMMU: the official parser against VLMEvalKit's and the strict one; where nothing is found the official one draws, here always the same letter.</summary>
public sealed class MmmuProtocolTests
{
    [Theory]
    //          answer                                        official    vlmevalkit  strict
    [InlineData("B", "B right", "B right", "B right")]
    [InlineData("B.", "B right", "B right", "B right")]
    [InlineData("A.", "A wrong", "A wrong", "A wrong")]
    [InlineData("(B) cat", "B right", "B right", "- wrong")]
    [InlineData("(A) or (B)", "B right", "- wrong", "- wrong")]
    [InlineData("(B), not (A)", "A wrong", "- wrong", "- wrong")]
    [InlineData("A B", "B right", "- wrong", "- wrong")]
    [InlineData("B then A then B", "B right", "- wrong", "- wrong")]
    [InlineData("(B) beats C", "B right", "- wrong", "- wrong")]
    [InlineData("The answer is C", "C wrong", "C wrong", "- wrong")]
    [InlineData("The answer is B!", "B right", "B right", "- wrong")]
    [InlineData("I would say that it is a cat", "B right", "- wrong", "- wrong")]
    [InlineData("First a dog, and then at last a CAT", "B right", "- wrong", "- wrong")]
    [InlineData("First a cat, and then at last a dog", "A wrong", "- wrong", "- wrong")]
    [InlineData("'B'", "B right", "- wrong", "- wrong")]
    public void Choices(string answer, string official, string vlmevalkit, string strict)
    {
        EvaluationItem item = Judging.Item("B", "dog", "cat", "horse");
        Assert.Equal(official, Judging.Of("mmmu", "lmms-eval", item, answer));
        Assert.Equal(vlmevalkit, Judging.Of("mmmu", "vlmevalkit", item, answer));
        Assert.Equal(strict, Judging.Of("mmmu", "strict", item, answer));
    }

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
    public void Open_questions(string truth, string answer, bool isRight) =>
        Assert.EndsWith(isRight ? "right" : "wrong", Judging.Of("mmmu", "lmms-eval", Judging.Item(truth), answer), StringComparison.Ordinal);
}
