using Pipeline.Cli.Display;
using Spectre.Console;

namespace Pipeline.Cli.Evaluation;

/// <summary>Shows an evaluation on the terminal.</summary>
internal static class SceneTables
{
    public static void Show(Terminal terminal, SceneEvaluation evaluation)
    {
        foreach (var table in SceneTable.Of(evaluation))
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
