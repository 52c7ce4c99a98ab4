using System.Text;

namespace Pipeline.Cli.Samples;

/// <summary>Letters made of squares: SVG text needs fonts, and a bare machine may have none.</summary>
internal static class BlockLetters
{
    /// <summary>Columns and rows of a letter.</summary>
    private const int Width = 5, Height = 5;

    /// <summary>Five rows a letter, '#' where there is ink.</summary>
    private static readonly Dictionary<char, string[]> s_letters = new()
    {
        ['C'] = [" ####", "#    ", "#    ", "#    ", " ####"],
        ['E'] = ["#####", "#    ", "#### ", "#    ", "#####"],
        ['F'] = ["#####", "#    ", "#### ", "#    ", "#    "],
        ['G'] = [" ####", "#    ", "#  ##", "#   #", " ####"],
        ['I'] = ["#####", "  #  ", "  #  ", "  #  ", "#####"],
        ['N'] = ["#   #", "##  #", "# # #", "#  ##", "#   #"],
        ['O'] = [" ### ", "#   #", "#   #", "#   #", " ### "],
        ['P'] = ["#### ", "#   #", "#### ", "#    ", "#    "],
        ['S'] = [" ####", "#    ", " ### ", "    #", "#### "],
        ['T'] = ["#####", "  #  ", "  #  ", "  #  ", "  #  "],
        ['X'] = ["#   #", " # # ", "  #  ", " # # ", "#   #"],
        ['2'] = ["#### ", "    #", " ### ", "#    ", "#####"],
        ['4'] = ["#  # ", "#  # ", "#####", "   # ", "   # "],
        ['7'] = ["#####", "    #", "   # ", "  #  ", "  #  "],
    };

    /// <summary>SVG of a word in a box.</summary>
    /// <param name="word">Of the letters known here.</param>
    /// <param name="x">Left edge of the box.</param>
    /// <param name="y">Upper edge of the box.</param>
    /// <param name="width">Of the box; its height follows.</param>
    public static string Sign(string word, double x, double y, double width)
    {
        // A letter and its gap take one column more than the letter; the box has a margin of two columns.
        var unit = width / ((word.Length * (Width + 1)) - 1 + 4);
        var svg = new StringBuilder();
        svg.Append(Rectangle(x, y, width, unit * (Height + 4), "white", "black", unit / 2));
        foreach (var (index, letter) in word.Index())
        {
            for (var row = 0; row < Height; row++)
            {
                for (var column = 0; column < Width; column++)
                {
                    if (s_letters[letter][row][column] == '#')
                    {
                        // A little wider than the grid, so that no seams show.
                        svg.Append(Rectangle(
                            x + (unit * (2 + (index * (Width + 1)) + column)), y + (unit * (2 + row)), unit * 1.03, unit * 1.03, "black", "none", 0));
                    }
                }
            }
        }

        return svg.ToString();
    }

    private static string Rectangle(double x, double y, double width, double height, string fill, string stroke, double line) =>
        $"""<rect x="{x:0.##}" y="{y:0.##}" width="{width:0.##}" height="{height:0.##}" fill="{fill}" stroke="{stroke}" stroke-width="{line:0.##}"/>""";
}
