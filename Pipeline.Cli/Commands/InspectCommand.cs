using System.CommandLine;
using Pipeline.Cli.Datasets;
using Pipeline.Cli.Display;
using Pipeline.Cli.Evaluation;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline inspect OUTPUT</c>: what a finished dataset holds.</summary>
internal static class InspectCommand
{
    private const int RowsOfTerminal = 10;
    private const int RowsOfPage = 200;
    private const int MostRows = 5_000;

    public static Command Create(Terminal terminal)
    {
        var output = new Argument<string>("OUTPUT") { Description = "The --output of a job that is done, local or s3://bucket/prefix." };
        var rows = new Option<int?>("--rows")
        {
            Description = $"Annotated rows to show, the first ones, at most {MostRows:N0}. Default {RowsOfTerminal}, with --html {RowsOfPage}.",
            HelpName = "N",
        };
        var html = new Option<string?>("--html")
        {
            Description = "Write one page to look through, thumbnails included, in place of the terminal's tables.",
            HelpName = "FILE",
        };
        var command = new Command("inspect", "Show what a finished dataset holds: counts, answers by question, failures, and some of its rows.") { output, rows, html };
        command.Validators.Add(result =>
        {
            if (result.GetValue(rows) is < 0 or > MostRows)
            {
                result.AddError($"--rows {result.GetValue(rows)} is out of range: use 0 to {MostRows:N0}.");
            }
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(
            terminal, parsed.GetRequiredValue(output), parsed.GetValue(rows), parsed.GetValue(html), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string output, int? rows, string? html, CancellationToken cancellationToken)
    {
        using var dataset = await FinishedDataset.OpenAsync(output, cancellationToken);
        if (html is not null)
        {
            var page = await DatasetPage.WriteAsync(dataset, rows ?? RowsOfPage, cancellationToken);
            ReportFolder.WriteText("--html", html, page);
            terminal.Line($"Wrote {Path.GetFullPath(html)}.");
            return ExitCode.Success;
        }

        var manifest = dataset.Manifest;
        terminal.Line($"job       {manifest.JobId}");
        terminal.Line($"images    {Words.Count(manifest.Rows)}: {Words.Count(manifest.Rows - manifest.FailedRows)} annotated, {Words.Count(manifest.FailedRows)} failed");
        terminal.Line($"files     {Words.Count(manifest.Files.Count)} Parquet file(s), {Words.Bytes(manifest.Bytes)}, schema version {(manifest.SchemaVersion == 0 ? "unnamed" : manifest.SchemaVersion)}");
        terminal.Line($"revision  {manifest.ModelRevision}");
        terminal.Line();
        StatisticsTables.Show(terminal, await dataset.StatisticsAsync(cancellationToken));
        await DatasetTables.ShowRowsAsync(terminal, dataset.Output, manifest, rows ?? RowsOfTerminal, cancellationToken);
        await DatasetTables.ShowFailuresAsync(terminal, dataset.Output, manifest, cancellationToken);
        return ExitCode.Success;
    }
}
