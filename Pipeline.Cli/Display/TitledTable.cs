using Spectre.Console;

namespace Pipeline.Cli.Display;

/// <summary>A table of results, for the terminal and for the page alike.</summary>
internal sealed record TitledTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    public static void Show(Terminal terminal, IEnumerable<TitledTable> tables)
    {
        foreach (var table in tables)
        {
            terminal.Line();
            terminal.Line(table.Title);
            var drawn = new Table().Border(TableBorder.Rounded).AddColumns([.. table.Columns.Select(Markup.Escape)]);
            foreach (var row in table.Rows)
            {
                drawn.AddRow([.. row.Select(Markup.Escape)]);
            }

            terminal.Out.Write(drawn);
        }
    }
}
