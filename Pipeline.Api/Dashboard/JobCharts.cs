using Pipeline.Jobs.State;

namespace Pipeline.Api.Dashboard;

/// <summary>Charts of a run from its points, as SVG: no script draws them.</summary>
internal static class JobCharts
{
    private const int Width = 600, Height = 120;

    public static string Speed(JobPace pace) => Chart(pace, "images/s", (from, to) => Math.Max(0, to.Done - from.Done) / Seconds(from, to));

    public static string Running(JobPace pace) => Chart(pace, "shards", (from, to) => (to.Work - from.Work) / Seconds(from, to));

    private static string Chart(JobPace pace, string unit, Func<PacePoint, PacePoint, double> value)
    {
        var steps = pace.Points.Zip(pace.Points.Skip(1)).Where(step => Seconds(step.First, step.Second) > 0).ToList();
        if (steps.Count < 2)
        {
            return "<p class=\"text-muted\">Too early to say.</p>";
        }

        var start = steps[0].First.At;
        var length = (steps[^1].Second.At - start).TotalSeconds;
        var values = steps.Select(step => value(step.First, step.Second)).ToList();
        var most = Math.Max(values.Max(), double.Epsilon);
        var line = steps.Zip(values).SelectMany(point => new[] { (point.First.First.At, point.Second), (point.First.Second.At, point.Second) })
            .Select(point => $"{Markup.Number((point.Item1 - start).TotalSeconds / length * Width, "0.0")},{Markup.Number(Height - (point.Item2 / most * (Height - 4)), "0.0")}");
        return $"""
            <svg class="pipeline-chart" viewBox="0 0 {Width} {Height}" preserveAspectRatio="none" role="img" aria-label="{unit} over {Markup.Duration(length)}: at most {Markup.Number(most)}, now {Markup.Number(values[^1])}"><polyline points="{string.Join(' ', line)}" /></svg>
            <small class="text-muted">{Markup.Duration(length)}, at most {Markup.Number(most)} {unit}, now {Markup.Number(values[^1])}</small>
            """;
    }

    private static double Seconds(PacePoint from, PacePoint to) => (to.At - from.At).TotalSeconds;
}
