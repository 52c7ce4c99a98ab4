using System.Globalization;
using System.Security;
using System.Text;

namespace Pipeline.Evaluation.Published;

/// <summary>A comparison as bars, one group a benchmark, the scored model first and darker.</summary>
public static class ComparisonChart
{
    private const int BarHeight = 18;
    private const int LabelWidth = 260;
    private const int BarsWidth = 400;
    private const int GroupGap = 40;

    /// <summary>An SVG document; bars are 0 to 100 points.</summary>
    public static string Svg(ComparisonTable table)
    {
        StringBuilder bars = new();
        int y = 10;
        for (int column = 0; column < table.Columns.Count; column++)
        {
            bars.Append(CultureInfo.InvariantCulture, $"""<text x="{LabelWidth}" y="{y + 14}" font-weight="bold">{SecurityElement.Escape(ComparisonTable.Title(table.Columns[column]))}</text>""");
            y += 24;
            for (int row = 0; row < table.Rows.Count; row++)
            {
                if (table.Rows[row].Figures[column] is { } figure)
                {
                    bars.Append(Bar(y, table.Rows[row].Model, figure, row == 0 ? "#225588" : "#99bbdd"));
                    y += BarHeight + 4;
                }
            }

            y += GroupGap - 24;
        }

        return $"""<svg xmlns="http://www.w3.org/2000/svg" width="{LabelWidth + BarsWidth + 70}" height="{y}" font-family="sans-serif" font-size="12">{bars}</svg>""";
    }

    private static string Bar(int y, string model, double figure, string fill)
    {
        double width = Math.Clamp(figure, 0, 100) / 100 * BarsWidth;
        return string.Create(CultureInfo.InvariantCulture, $"""
            <text x="{LabelWidth - 8}" y="{y + 13}" text-anchor="end">{SecurityElement.Escape(model)}</text><rect x="{LabelWidth}" y="{y}" width="{width:0.##}" height="{BarHeight}" fill="{fill}"/><text x="{LabelWidth + width + 6:0.##}" y="{y + 13}">{figure:0.0}</text>
            """);
    }
}
