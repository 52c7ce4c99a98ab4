using System.Globalization;
using System.Text;
using NetVips;

namespace Train.Output;

/// <summary>Loss and accuracies over the time trained, as a PNG.</summary>
internal static class CurvePlot
{
    private const int Width = 900;
    private const int PanelHeight = 300;
    private const int Left = 60;
    private const int Right = 170;
    private const int Top = 40;
    private static readonly string[] s_colours =
        ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb", "#000000", "#994455", "#997700", "#004488", "#6699cc"];

    public static void Write(string path, IReadOnlyList<CurvePoint> points)
    {
        using var image = Image.SvgloadBuffer(Encoding.UTF8.GetBytes(Svg(points)), dpi: 144);
        using var flat = image.Flatten(background: [255, 255, 255]);
        flat.Pngsave(path);
    }

    internal static string Svg(IReadOnlyList<CurvePoint> points)
    {
        var span = points.Max(point => point.Seconds);
        var highest = points.Max(point => point.Loss);
        var svg = new StringBuilder();
        svg.Append($"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{(2 * (PanelHeight + Top)) + 40}" font-family="sans-serif" font-size="12">""");
        var names = points.SelectMany(point => point.Accuracies.Keys).Distinct().Order(StringComparer.Ordinal).ToArray();
        Panel(svg, 0, Number($"loss (highest {highest:0.00})"), span, [("loss", [.. points.Select(point => (point.Seconds, point.Loss / highest))])]);
        Panel(svg, PanelHeight + Top, "share of answers right, on scenes not seen before", span,
            [.. names.Select(name => (name, points.Where(point => point.Accuracies.ContainsKey(name)).Select(point => (point.Seconds, point.Accuracies[name])).ToArray()))]);
        return svg.Append("</svg>").ToString();
    }

    private static void Panel(StringBuilder svg, int offset, string title, double span, IReadOnlyList<(string Name, (double Seconds, double Share)[] Points)> lines)
    {
        double across = Width - Left - Right;
        svg.Append($"""<text x="{Left}" y="{offset + Top - 10}">{title}</text><rect x="{Left}" y="{offset + Top}" width="{across}" height="{PanelHeight}" fill="none" stroke="black"/>""");
        foreach (var share in (double[])[0, 0.25, 0.5, 0.75, 1])
        {
            svg.Append(Number($"""<text x="{Left - 6}" y="{offset + Top + ((1 - share) * PanelHeight) + 4}" text-anchor="end">{share:0.00}</text>"""));
            svg.Append(Number($"""<text x="{Left + (share * across)}" y="{offset + Top + PanelHeight + 16}" text-anchor="middle">{share * span / 60:0.0} min</text>"""));
        }

        foreach (var (index, line) in lines.Index())
        {
            var (colour, dash) = (s_colours[index % s_colours.Length], index < s_colours.Length ? "none" : "4 3");
            var step = Math.Min(17, (PanelHeight - 14.0) / lines.Count);
            var path = string.Join(' ', line.Points.Select(point => Number($"{Left + (point.Seconds / span * across):0.0},{offset + Top + ((1 - point.Share) * PanelHeight):0.0}")));
            svg.Append($"""<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5" stroke-dasharray="{dash}"/>"""
                + Number($"""<text x="{Width - Right + 10}" y="{offset + Top + 14 + (index * step):0.0}" fill="{colour}">{line.Name}{(dash is "none" ? "" : " (dashed)")}</text>"""));
        }
    }

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
