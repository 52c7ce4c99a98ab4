using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Cli.Tests.Watching;

/// <summary>One answer of a scrape endpoint, in Prometheus' text format.</summary>
internal sealed partial record Scrape(IReadOnlyList<ScrapedSeries> Series)
{
    public static Scrape Parse(string text) => new(
    [
        .. text.Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => Line.Match(line))
            .Select(line => new ScrapedSeries(
                line.Groups[1].Value,
                Label.Matches(line.Groups[2].Value).ToDictionary(label => label.Groups[1].Value, label => label.Groups[2].Value),
                double.Parse(line.Groups[3].Value, CultureInfo.InvariantCulture))),
    ]);

    public IReadOnlySet<string> Names => Series.Select(series => series.Name).ToHashSet();

    /// <summary>Sum of the series of a name that have these labels.</summary>
    public double Sum(string name, params (string Label, string Value)[] labels) =>
        Series.Where(series => series.Name == name && labels.All(label => series.Labels.GetValueOrDefault(label.Label) == label.Value)).Sum(series => series.Value);

    [GeneratedRegex(@"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)")]
    private static partial Regex Line { get; }

    [GeneratedRegex("""(\w+)="((?:[^"\\]|\\.)*)["]""")]
    private static partial Regex Label { get; }
}

internal sealed record ScrapedSeries(string Name, IReadOnlyDictionary<string, string> Labels, double Value);
