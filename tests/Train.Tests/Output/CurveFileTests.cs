using Train.Output;

namespace Train.Tests.Output;

public sealed class CurveFileTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void Points_are_read_as_they_were_written_and_cut_behind_a_step()
    {
        File.Delete(_file);
        var curves = new CurveFile(_file);
        CurvePoint[] points = [.. Enumerable.Range(1, 3).Select(step => new CurvePoint(
            step, step * 10, "easy scenes", 1.5 / 2, 0.001, 2, 30, new Dictionary<string, double> { ["colour"] = 0.25, ["fine-read"] = 0.5 }))];
        Array.ForEach(points, curves.Append);

        Assert.Equivalent(points, curves.Read(), strict: true);
        Assert.Equivalent(points[..2], curves.CutBehind(2), strict: true);
        Assert.Equivalent(points[..2], curves.Read(), strict: true);
        Assert.Contains("colour", CurvePlot.Svg(points), StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_file);
}
