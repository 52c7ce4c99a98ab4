namespace Pipeline.Evaluation.Tests.Protocols;

/// <summary>POPE: what each harness reads; the truth is "no".</summary>
public sealed class PopeProtocolTests
{
    [Theory]
    //          answer                         lmms-eval    llava        vlmevalkit   strict
    [InlineData("no", "no right", "no right", "no right", "no right")]
    [InlineData("No", "no right", "no right", "no right", "no right")]
    [InlineData("NO", "no right", "yes wrong", "no right", "no right")]
    [InlineData("No.", "- wrong", "no right", "no right", "no right")]
    [InlineData("yes", "yes wrong", "yes wrong", "yes wrong", "yes wrong")]
    [InlineData("Yes.", "- wrong", "yes wrong", "yes wrong", "yes wrong")]
    [InlineData(" no\n", "no right", "no right", "no right", "no right")]
    [InlineData("no, there isn't", "- wrong", "no right", "no right", "- wrong")]
    [InlineData("No, there is no dog.", "- wrong", "no right", "no right", "- wrong")]
    [InlineData("There is not", "- wrong", "no right", "- wrong", "- wrong")]
    [InlineData("There isn't", "- wrong", "yes wrong", "- wrong", "- wrong")]
    [InlineData("Yes. But no cat.", "- wrong", "yes wrong", "- wrong", "- wrong")]
    [InlineData("Yes, and no", "- wrong", "no right", "- wrong", "- wrong")]
    [InlineData("", "- wrong", "yes wrong", "- wrong", "- wrong")]
    [InlineData("a dog", "- wrong", "yes wrong", "- wrong", "- wrong")]
    [InlineData("I do not know", "- wrong", "no right", "- wrong", "- wrong")]
    [InlineData("nothing", "- wrong", "yes wrong", "- wrong", "- wrong")]
    [InlineData("none", "- wrong", "yes wrong", "- wrong", "- wrong")]
    [InlineData("Not at all", "- wrong", "yes wrong", "- wrong", "- wrong")]
    [InlineData("The answer is no", "- wrong", "no right", "no right", "- wrong")]
    [InlineData("yes, there is", "- wrong", "yes wrong", "yes wrong", "- wrong")]
    [InlineData("no!", "- wrong", "yes wrong", "no right", "- wrong")]
    public void Answers(string answer, string lmms, string llava, string vlmevalkit, string strict)
    {
        Assert.Equal(lmms, Judging.Of("pope", "lmms-eval", Judging.Item("no"), answer));
        Assert.Equal(llava, Judging.Of("pope", "llava", Judging.Item("no"), answer));
        Assert.Equal(vlmevalkit, Judging.Of("pope", "vlmevalkit", Judging.Item("no"), answer));
        Assert.Equal(strict, Judging.Of("pope", "strict", Judging.Item("no"), answer));
    }
}
