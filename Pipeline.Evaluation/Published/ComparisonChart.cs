using System.Globalization;
using System.Security;
using System.Text;

namespace Pipeline.Evaluation.Published;

/// <summary>A comparison as bars, one group a benchmark, scored models first and darker.</summary>
public static class ComparisonChart
{
    private const int BarHeight = 18;
    private const int LetterWidth = 7;
    private const int LeastLabelWidth = 200;
    private const int BarsWidth = 400;
    private const int GroupGap = 40;

    /// <summary>An SVG document; bars are 0 to 100 points.</summary>
    public static string Svg(ComparisonTable table)
    {
        StringBuilder bars = new();
        int y = 10, labels = Math.Max(LeastLabelWidth, LetterWidth * table.Rows.Max(row => row.Model.Length));
        for (int column = 0; column < table.Columns.Count; column++)
        {
            bars.Append(CultureInfo.InvariantCulture, $"""<text x="{labels}" y="{y + 14}" font-weight="bold">{SecurityElement.Escape(ComparisonTable.Title(table.Columns[column]))}</text>""");
            y += 24;
            for (int row = 0; row < table.Rows.Count; row++)
            {
                if (table.Rows[row].Figures[column] is { } figure)
                {
                    bars.Append(Bar(labels, y, table.Rows[row].Model, figure, table.Rows[row].IsPublished ? "#99bbdd" : "#225588"));
                    y += BarHeight + 4;
                }
            }

            y += GroupGap - 24;
        }

        return $"""<svg xmlns="http://www.w3.org/2000/svg" width="{labels + BarsWidth + 70}" height="{y}" font-family="sans-serif" font-size="12">{bars}</svg>""";
    }

    private static string Bar(int labels, int y, string model, double figure, string fill)
    {
        double width = Math.Clamp(figure, 0, 100) / 100 * BarsWidth;
        return string.Create(CultureInfo.InvariantCulture, $"""
            <text x="{labels - 8}" y="{y + 13}" text-anchor="end">{SecurityElement.Escape(model)}</text><rect x="{labels}" y="{y}" width="{width:0.##}" height="{BarHeight}" fill="{fill}"/><text x="{labels + width + 6:0.##}" y="{y + 13}">{figure:0.0}</text>
            """);
    }
}
