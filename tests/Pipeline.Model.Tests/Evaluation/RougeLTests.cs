using Pipeline.Model.Evaluation;

namespace Pipeline.Model.Tests.Evaluation;

public sealed class RougeLTests
{
    [Theory]
    [InlineData("police killed the gunman", "police kill the gunman", 0.75)] // Lin 2004's example: police the gunman
    [InlineData("the gunman kill police", "police kill the gunman", 0.5)] // the gunman
    [InlineData("a b c d", "a c", 2.0 * 2 / 6)]
    [InlineData("A red circle.", "a RED circle", 1)]
    [InlineData("sign says 42", "sign says 4", 2.0 * 2 / 6)]
    [InlineData("red", "blue", 0)]
    [InlineData("", "blue", 0)]
    [InlineData("...", "", 0)]
    public void The_longest_common_sequence_of_words_counts(string candidate, string reference, double f1)
    {
        Assert.Equal(f1, RougeL.F1(candidate, reference), 12);
        Assert.Equal(f1, RougeL.F1(reference, candidate), 12);
    }
}
