using Pipeline.Model.Benchmarking;
using Spectre.Console;

namespace Pipeline.Cli.Display;

/// <summary>Shows a benchmark's results on the terminal.</summary>
internal static class BenchTables
{
    public static void Show(Terminal terminal, EngineBenchmarkReport report)
    {
        foreach (var table in BenchTable.Of(report))
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
