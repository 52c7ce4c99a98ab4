using Pipeline.Model.Evaluation;

namespace Pipeline.Model.Tests.Evaluation;

public sealed class CalibrationTests
{
    [Fact]
    public void The_error_is_the_bins_gaps_weighted_by_their_answers()
    {
        // 0.5–0.6: 0.52 and 0.58, one of two right: |0.5 − 0.55| = 0.05. 0.9–1: 0.9, 0.96, 0.99, two of three right: |2/3 − 0.95| = 0.2833…
        var calibration = Calibration.Of([(0.52, true), (0.58, false), (0.9, true), (0.96, true), (0.99, false)]);

        Assert.Equal(((2 * 0.05) + (3 * (0.95 - (2 / 3.0)))) / 5, calibration.ExpectedError, 12);
        Assert.Equal(5, calibration.Count);
        Assert.Equal([0, 0, 0, 0, 0, 2, 0, 0, 0, 3], calibration.Bins.Select(bin => bin.Count));
        Assert.Equal(0.55, calibration.Bins[5].MeanConfidence, 12);
        Assert.Equal(0.5, calibration.Bins[5].Accuracy, 12);
    }

    [Fact]
    public void Certainty_that_is_always_right_has_no_error_and_falls_into_the_last_bin()
    {
        var calibration = Calibration.Of([(1, true), (1, true)]);
        Assert.Equal(0, calibration.ExpectedError);
        Assert.Equal(2, calibration.Bins[^1].Count);
    }

    [Fact]
    public void Certainty_that_is_always_wrong_has_all_the_error_there_is() => Assert.Equal(1, Calibration.Of([(1, false)]).ExpectedError);

    [Fact]
    public void Nothing_asked_is_no_error() => Assert.Equal(0, Calibration.Of([]).ExpectedError);

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_confidence_that_is_no_probability_is_refused(double confidence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Calibration.Of([(confidence, true)]));
}
