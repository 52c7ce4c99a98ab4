using System.Text;
using Pipeline.Cli.Commands;
using Scenes.Evaluation;

namespace Pipeline.Cli.Evaluation;

/// <summary>A folder with an evaluation's page, plot and answers.</summary>
internal static class ReportFolder
{
    public const string Page = "results.md";
    public const string Plot = "reliability.png";
    public const string Answers = "answers.jsonl";

    /// <exception cref="CommandException">It can't be made.</exception>
    public static void Create(string option, string folder) => Try(option, folder, () => Directory.CreateDirectory(folder));

    /// <exception cref="CommandException">It can't be written.</exception>
    public static void Write(string folder, SceneEvaluation evaluation) => Try("--report", folder, () =>
    {
        File.WriteAllText(Path.Combine(folder, Page), PageOf(evaluation));
        File.WriteAllLines(Path.Combine(folder, Answers), evaluation.Answers.Select(SceneEvaluationJson.Line));
        File.WriteAllBytes(
            Path.Combine(folder, Plot),
            ReliabilityPlot.Draw([("Yes or no", evaluation.Report.YesNo), ("Choice", evaluation.Report.Choice), ("Both", evaluation.Report.Scored)]));
    });

    /// <exception cref="CommandException">The file can't be written.</exception>
    public static void WriteText(string option, string file, string text) => WriteBytes(option, file, Encoding.UTF8.GetBytes(text));

    /// <summary>Under its name the file is whole, whenever the process is killed.</summary>
    /// <exception cref="CommandException">The file can't be written.</exception>
    public static void WriteBytes(string option, string file, byte[] bytes) => Try(option, file, () =>
    {
        var part = $"{file}.part";
        File.WriteAllBytes(part, bytes);
        File.Move(part, file, overwrite: true);
    });

    private static string PageOf(SceneEvaluation evaluation)
    {
        var page = new StringBuilder();
        page.AppendLine($"# {evaluation.Model} on {evaluation.Report.Scenes:N0} held-out scenes").AppendLine();
        page.AppendLine($"Dragonfly v{(int)evaluation.Version}; draw {evaluation.Seed}. `./pipeline evaluate scenes` makes this page again.");
        foreach (var table in SceneTables.Of(evaluation))
        {
            page.AppendLine().AppendLine($"## {table.Title}").AppendLine();
            page.AppendLine($"| {string.Join(" | ", table.Columns)} |");
            page.AppendLine($"|{string.Concat(Enumerable.Repeat("---|", table.Columns.Count))}");
            foreach (var row in table.Rows)
            {
                page.AppendLine($"| {string.Join(" | ", row)} |");
            }
        }

        return page.AppendLine().AppendLine($"![Reliability of confidences]({Plot})").ToString();
    }

    private static void Try(string option, string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failure($"{option}: '{path}' can't be written ({e.Message}): name a place that you can write to.", e);
        }
    }
}
