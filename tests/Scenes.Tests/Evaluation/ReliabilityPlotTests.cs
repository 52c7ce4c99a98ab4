using NetVips;
using Pipeline.Model.Evaluation;
using Scenes.Evaluation;

namespace Scenes.Tests.Evaluation;

public sealed class ReliabilityPlotTests
{
    [Fact]
    public void Bars_stand_where_the_bins_are()
    {
        var calibration = Calibration.Of([(0.95, true), (0.95, true), (0.45, false)]);
        using var image = Image.NewFromBuffer(ReliabilityPlot.Draw([("Choice", calibration)]));

        Assert.Equal(3, image.Bands);
        Assert.Equal(2.0, (double)image.Width / 390, 1); // drawn at twice the size
        Assert.True(IsBlue(image, 0.95, 0.5)); // all right: a bar of full height
        Assert.False(IsBlue(image, 0.45, 0.05)); // none right: no bar
        Assert.False(IsBlue(image, 0.7, 0.5)); // no answers
    }

    [Fact]
    public void Titles_say_the_error_and_are_escaped()
    {
        var svg = ReliabilityPlot.Svg([("yes < no", Calibration.Of([(1, false)]))]);
        Assert.Contains("yes &lt; no: ECE 1.000, 1 answers", svg);
    }

    private static bool IsBlue(Image image, double confidence, double share)
    {
        var scale = image.Width / 390.0;
        var pixel = image.Getpoint((int)((60 + (confidence * 300)) * scale), (int)((50 + ((1 - share) * 300)) * scale));
        return pixel[2] > pixel[0] + 40;
    }
}
