using System.Text;
using NetVips;
using Pipeline.Model.Evaluation;

namespace Scenes.Evaluation;

/// <summary>Reliability diagrams side by side: of answers with such a confidence, this share was right; the diagonal is what it should be.</summary>
public static class ReliabilityPlot
{
    private const int Side = 300;
    private const int Left = 60;
    private const int Top = 50;
    private const int PanelWidth = Left + Side + 30;
    private const int CountsTop = Top + Side + 14;
    private const int CountsHeight = 50;
    private const int Height = CountsTop + CountsHeight + 50;

    /// <summary>A PNG file.</summary>
    public static byte[] Draw(IReadOnlyList<(string Title, Calibration Calibration)> panels)
    {
        using var image = Image.SvgloadBuffer(Encoding.UTF8.GetBytes(Svg(panels)), dpi: 144);
        using var flat = image.Flatten(background: [255, 255, 255]);
        return flat.PngsaveBuffer();
    }

    internal static string Svg(IReadOnlyList<(string Title, Calibration Calibration)> panels) =>
        $"""
        <svg xmlns="http://www.w3.org/2000/svg" width="{panels.Count * PanelWidth}" height="{Height}" font-family="sans-serif" font-size="12">
        {string.Concat(panels.Select((panel, index) => $"<g transform=\"translate({index * PanelWidth} 0)\">{Panel(panel.Title, panel.Calibration)}</g>"))}
        </svg>
        """;

    private static string Panel(string title, Calibration calibration)
    {
        var svg = new StringBuilder();
        svg.Append(Text(Left + (Side / 2), 22, $"{title}: ECE {calibration.ExpectedError:0.000}, {calibration.Count:N0} answers", "middle"));
        var most = Math.Max(1, calibration.Bins.Max(bin => bin.Count));
        foreach (var bin in calibration.Bins.Where(bin => bin.Count > 0))
        {
            double x = Left + (bin.From * Side), width = (bin.To - bin.From) * Side, tall = (double)bin.Count / most * CountsHeight;
            svg.Append(Box(x, Y(bin.Accuracy), width - 1, bin.Accuracy * Side, "#4477aa"));
            svg.Append(Box(x, CountsTop + CountsHeight - tall, width - 1, tall, "#999999"));
            svg.Append($"""<circle cx="{Left + (bin.MeanConfidence * Side):0.##}" cy="{Y(bin.Accuracy):0.##}" r="3.5" fill="#cc3311"/>""");
        }

        svg.Append($"""<rect x="{Left}" y="{Top}" width="{Side}" height="{Side}" fill="none" stroke="black"/>""");
        svg.Append($"""<line x1="{Left}" y1="{Top + Side}" x2="{Left + Side}" y2="{Top}" stroke="black" stroke-dasharray="4 3"/>""");
        for (var tenth = 0; tenth <= 10; tenth += 2)
        {
            svg.Append(Text(Left - 6, Y(tenth / 10.0) + 4, $"{tenth / 10.0:0.0}", "end"));
            svg.Append(Text(Left + (tenth / 10.0 * Side), CountsTop + CountsHeight + 16, $"{tenth / 10.0:0.0}", "middle"));
        }

        svg.Append(Text(Left + (Side / 2), Height - 14, "confidence (grey: how many answers)", "middle"));
        svg.Append($"""<text transform="translate(18 {Top + (Side / 2)}) rotate(-90)" text-anchor="middle">share that is right</text>""");
        return svg.ToString();
    }

    private static double Y(double share) => Top + ((1 - share) * Side);

    private static string Box(double x, double y, double width, double height, string fill) =>
        $"""<rect x="{x:0.##}" y="{y:0.##}" width="{width:0.##}" height="{height:0.##}" fill="{fill}" fill-opacity="0.75"/>""";

    private static string Text(double x, double y, string text, string anchor) =>
        $"""<text x="{x:0.##}" y="{y:0.##}" text-anchor="{anchor}">{System.Security.SecurityElement.Escape(text)}</text>""";
}
