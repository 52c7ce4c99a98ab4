namespace Scenes.Drawing;

/// <summary>A bitmap font of 5 × 7 for digits and the capitals of the signs' words.</summary>
internal static class SignFont
{
    private const int Columns = 5;
    private const int Rows = 7;

    /// <summary>Between letters, in pixels of the font.</summary>
    private const int Gap = 1;

    /// <summary>Around the text, in pixels of the font; the border is drawn in it.</summary>
    private const double Margin = 1.75;

    private static readonly Dictionary<char, string[]> s_glyphs = new()
    {
        ['0'] = [" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "],
        ['1'] = ["  #  ", " ##  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "],
        ['2'] = [" ### ", "#   #", "    #", "   # ", "  #  ", " #   ", "#####"],
        ['3'] = ["#### ", "    #", "    #", " ### ", "    #", "    #", "#### "],
        ['4'] = ["#   #", "#   #", "#   #", "#####", "    #", "    #", "    #"],
        ['5'] = ["#####", "#    ", "#    ", "#### ", "    #", "    #", "#### "],
        ['6'] = [" ### ", "#    ", "#    ", "#### ", "#   #", "#   #", " ### "],
        ['7'] = ["#####", "    #", "   # ", "   # ", "  #  ", "  #  ", "  #  "],
        ['8'] = [" ### ", "#   #", "#   #", " ### ", "#   #", "#   #", " ### "],
        ['9'] = [" ### ", "#   #", "#   #", " ####", "    #", "    #", " ### "],
        ['G'] = [" ### ", "#   #", "#    ", "#  ##", "#   #", "#   #", " ####"],
        ['I'] = [" ### ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "],
        ['K'] = ["#   #", "#  # ", "# #  ", "##   ", "# #  ", "#  # ", "#   #"],
        ['N'] = ["#   #", "##  #", "# # #", "# # #", "#  ##", "#   #", "#   #"],
        ['O'] = [" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "],
        ['P'] = ["#### ", "#   #", "#   #", "#### ", "#    ", "#    ", "#    "],
        ['U'] = ["#   #", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "],
    };

    /// <summary>Of a text and its margins, in pixels of the font.</summary>
    public static (double Columns, double Rows) PlateSize(string text) =>
        ((text.Length * (Columns + Gap)) - Gap + (2 * Margin), Rows + (2 * Margin));

    /// <summary>The text's ink on a plate that fills a box.</summary>
    public static Outline Outline(string text, PixelBox box)
    {
        var (columns, rows) = PlateSize(text);
        double unitX = box.Width / columns, unitY = box.Height / rows;
        return (y, crossings) =>
        {
            var row = ((y - box.Top) / unitY) - Margin;
            var count = row is >= 0 and < Rows ? Runs(text, (int)row, crossings) : 0;
            for (var i = 0; i < count; i++)
            {
                crossings[i] = box.Left + ((Margin + crossings[i]) * unitX);
            }

            return count;
        };
    }

    private static int Runs(string text, int row, Span<double> crossings)
    {
        var count = 0;
        var inked = false;
        for (var x = 0; x <= text.Length * (Columns + Gap); x++)
        {
            var (letter, column) = (x / (Columns + Gap), x % (Columns + Gap));
            var ink = letter < text.Length && column < Columns && s_glyphs[text[letter]][row][column] == '#';
            if (ink != inked)
            {
                crossings[count++] = x;
                inked = ink;
            }
        }

        return count;
    }
}
