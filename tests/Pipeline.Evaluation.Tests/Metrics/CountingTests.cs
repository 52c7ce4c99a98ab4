using Pipeline.Evaluation.Metrics;

namespace Pipeline.Evaluation.Tests.Metrics;

public sealed class CountingTests
{
    /// <summary>By hand: 2 right yes, 1 wrong yes, 1 right no, 1 missed yes, 1 unparsed where yes was right.</summary>
    [Fact]
    public void Yes_no_figures()
    {
        YesNoCounts counts = YesNoCounts.Of([("yes", "yes"), ("yes", "yes"), ("no", "yes"), ("no", "no"), ("yes", "no"), ("yes", null)]);
        Assert.Equal((3.0 / 6, 2.0 / 3, 2.0 / 4, 3.0 / 6), (counts.Accuracy, counts.Precision, counts.Recall, counts.YesRatio));
        Assert.Equal(4.0 / 7, counts.F1, 12);
    }

    [Fact]
    public void Nothing_said_yes_has_F1_zero() => Assert.Equal(0, YesNoCounts.Of([("yes", "no"), ("yes", null)]).F1);

    /// <summary>Binomial: the standard error of 80 of 100 is 4 points, so the interval is about 72 to 88.</summary>
    [Fact]
    public void The_interval_is_that_of_the_binomial_and_always_the_same()
    {
        double[] rows = [.. Enumerable.Range(0, 100).Select(i => i < 80 ? 1.0 : 0)];
        (double low, double high) = Bootstrap.Interval(rows, sample => sample.Average());
        Assert.InRange(low, 0.70, 0.74);
        Assert.InRange(high, 0.86, 0.89);
        Assert.Equal((low, high), Bootstrap.Interval(rows, sample => sample.Average()));
    }

    [Theory]
    [InlineData("the cat", "cat", 1, 1, 1)]
    [InlineData("", "cat", 0, 0, 0)]
    [InlineData("cat cat dog", "cat", 1.0 / 3, 1, 0.5)]
    public void Token_overlap(string answer, string truth, double precision, double recall, double f1)
    {
        var overlap = TokenF1.Of(answer, truth);
        Assert.Equal(precision, overlap.Precision, 12);
        Assert.Equal(recall, overlap.Recall, 12);
        Assert.Equal(f1, overlap.F1, 12);
    }
}
