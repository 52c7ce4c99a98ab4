namespace Pipeline.Evaluation.Tests.Protocols;

/// <summary>AI2D and ScienceQA: the same answers put to each harness's parser. Choices: A dog, B cat, C horse; the truth is B.</summary>
public sealed class ChoiceProtocolTests
{
    [Theory]
    // VLMEvalKit takes a letter among the last four words, an article "A" too, and no text out of an answer of more than twice all choices' letters, here 22.
    //          answer                    lmms-eval   vlmevalkit  strict
    [InlineData("B", "B right", "B right", "B right")]
    [InlineData("A", "A wrong", "A wrong", "A wrong")]
    [InlineData("b", "B right", "- wrong", "B right")]
    [InlineData("B.", "B right", "B right", "B right")]
    [InlineData("A.", "A wrong", "A wrong", "A wrong")]
    [InlineData(" B \n", "B right", "B right", "B right")]
    [InlineData("B. cat", "B right", "B right", "- wrong")]
    [InlineData("B.cat", "B right", "B right", "- wrong")]
    [InlineData("D. cat", "- wrong", "B right", "- wrong")]
    [InlineData("b. cat", "- wrong", "B right", "- wrong")]
    [InlineData("(B)", "B right", "B right", "B right")]
    [InlineData("(b)", "B right", "- wrong", "B right")]
    [InlineData("(B) cat", "- wrong", "B right", "- wrong")]
    [InlineData("B)", "B right", "B right", "B right")]
    [InlineData("**B**", "B right", "B right", "- wrong")]
    [InlineData("The answer is B", "- wrong", "B right", "- wrong")]
    [InlineData("The answer is C", "- wrong", "C wrong", "- wrong")]
    [InlineData("the answer is bright", "- wrong", "B right", "- wrong")]
    [InlineData("B it is, or so I would say", "- wrong", "- wrong", "- wrong")]
    [InlineData("cat", "- wrong", "B right", "- wrong")]
    [InlineData("a Cat", "- wrong", "B right", "- wrong")]
    [InlineData("dog and cat", "- wrong", "- wrong", "- wrong")]
    [InlineData("B or C", "- wrong", "- wrong", "- wrong")]
    [InlineData("A B", "- wrong", "- wrong", "- wrong")]
    [InlineData("A brown hare sits", "- wrong", "A wrong", "- wrong")]
    [InlineData("A cat is seen here", "- wrong", "B right", "- wrong")]
    [InlineData("A cat is in the picture", "- wrong", "- wrong", "- wrong")]
    [InlineData("Cannot determine the answer: B", "- wrong", "- wrong", "- wrong")]
    [InlineData("D", "- wrong", "- wrong", "- wrong")]
    [InlineData("", "- wrong", "- wrong", "- wrong")]
    [InlineData("Bcat", "- wrong", "B right", "- wrong")]
    [InlineData("I cannot tell", "- wrong", "- wrong", "- wrong")]
    public void Ai2d(string answer, string lmms, string vlmevalkit, string strict) => Check("ai2d", answer, ("lmms-eval", lmms), ("vlmevalkit", vlmevalkit), ("strict", strict));

    [Theory]
    //          answer                    llava       lmms-eval
    [InlineData("B", "B right", "B right")]
    [InlineData("C", "C wrong", "C wrong")]
    [InlineData("b", "- wrong", "- wrong")]
    [InlineData("B.", "- wrong", "B right")]
    [InlineData("A.", "- wrong", "A wrong")]
    [InlineData("B. cat", "B right", "B right")]
    [InlineData("B.cat", "- wrong", "B right")]
    [InlineData("B. ", "- wrong", "B right")]
    [InlineData("(B)", "- wrong", "- wrong")]
    [InlineData("(B) cat", "- wrong", "- wrong")]
    [InlineData("The answer is B.", "B right", "- wrong")]
    [InlineData("The answer is B", "- wrong", "- wrong")]
    [InlineData("The answer is C.", "C wrong", "- wrong")]
    [InlineData("The answer is B, since it purrs.", "B right", "- wrong")]
    [InlineData("The answer is B. The answer is C.", "- wrong", "- wrong")]
    [InlineData("The answer is Banana", "B right", "- wrong")]
    [InlineData("the answer is B.", "- wrong", "- wrong")]
    [InlineData("A. The answer is B.", "A wrong", "A wrong")]
    [InlineData("D", "- wrong", "- wrong")]
    [InlineData("D. The answer is B.", "- wrong", "- wrong")]
    [InlineData("The answer is D.", "- wrong", "- wrong")]
    [InlineData("cat", "- wrong", "- wrong")]
    [InlineData("", "- wrong", "- wrong")]
    [InlineData("B C", "- wrong", "- wrong")]
    public void ScienceQa(string answer, string llava, string lmms) => Check("scienceqa", answer, ("llava", llava), ("lmms-eval", lmms));

    private static void Check(string benchmark, string answer, params (string Protocol, string Judged)[] expected) => Assert.All(
        expected, pair => Assert.Equal(pair.Judged, Judging.Of(benchmark, pair.Protocol, Judging.Item("B", "dog", "cat", "horse"), answer)));
}
