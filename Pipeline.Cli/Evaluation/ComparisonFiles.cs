using System.Text;
using NetVips;
using Pipeline.Cli.Commands;
using Pipeline.Evaluation.Published;

namespace Pipeline.Cli.Evaluation;

/// <summary>A comparison as text, Markdown, JSON and a chart.</summary>
internal static class ComparisonFiles
{
    private const double Dpi = 144;

    /// <exception cref="CommandException">A file can't be written.</exception>
    public static void Write(string folder, ComparisonTable table)
    {
        ReportFolder.WriteText("--output", Path.Combine(folder, "table.txt"), table.ToText());
        ReportFolder.WriteText("--output", Path.Combine(folder, "table.md"), table.ToMarkdown());
        ReportFolder.WriteText("--output", Path.Combine(folder, "table.json"), table.ToJson());
        ReportFolder.WriteBytes("--output", Path.Combine(folder, "table.png"), Png(ComparisonChart.Svg(table)));
    }

    private static byte[] Png(string svg)
    {
        using var image = Image.SvgloadBuffer(Encoding.UTF8.GetBytes(svg), dpi: Dpi);
        using var flat = image.Flatten(background: [255, 255, 255]);
        return flat.PngsaveBuffer();
    }
}
