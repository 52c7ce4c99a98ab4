using System.CommandLine;
using Pipeline.Cli.Display;
using Pipeline.Cli.Evaluation;
using Pipeline.Evaluation.Published;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline evaluate table FOLDERS --output DIR</c>: one table of several benchmarks and models.</summary>
internal static class EvaluateTableCommand
{
    public static Command Create(Terminal terminal)
    {
        var folders = new Argument<string[]>("FOLDERS") { Description = "Folders that evaluations of benchmarks wrote.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string?>("--output", "-o") { Description = "Folder for the table as text, Markdown, JSON and a chart.", HelpName = "DIR" };
        var command = new Command("table", "Put scores of several benchmarks and models into one table beside the published figures.") { folders, output };
        command.SetAction(parsed =>
        {
            List<ModelScore> scores = [.. parsed.GetRequiredValue(folders).Select(ModelScore.Read)];
            if (scores.GroupBy(score => (score.Model, score.Report.Benchmark)).FirstOrDefault(group => group.Count() > 1) is { } twice)
            {
                throw CommandException.Usage($"Two folders hold {twice.Key.Benchmark} of {twice.Key.Model}: leave one of them out.");
            }

            var table = ComparisonTable.Of([.. scores.Select(score => (score.Model, score.Report))]);
            if (table.Columns.Count == 0)
            {
                throw CommandException.Usage("None of the folders holds a figure: MM-Vet has one once it is judged (--judgements).");
            }

            if (parsed.GetValue(output) is { } folder)
            {
                ReportFolder.Create("--output", folder);
                ComparisonFiles.Write(folder, table);
            }

            terminal.Line(table.ToText().TrimEnd());
            return ExitCode.Success;
        });
        return command;
    }
}
