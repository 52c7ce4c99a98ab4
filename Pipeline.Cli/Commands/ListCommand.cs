using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Cli.Client;
using Pipeline.Cli.Display;
using Pipeline.Jobs.State;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline list</c>.</summary>
internal static class ListCommand
{
    public static Command Create(Terminal terminal)
    {
        var limit = new Option<int>("--limit", "-n") { Description = "Most jobs to show: 1 to 100.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var server = new ServerOption();
        var json = JsonOption.Create();
        var command = new Command("list", "List the jobs of a server, newest first.") { limit, json };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = server.Connect(parsed);
            try
            {
                Show(terminal, await api.ListAsync(parsed.GetValue(limit), cancellationToken), parsed.GetValue(json));
                return ExitCode.Success;
            }
            catch (ApiException refusal)
            {
                throw CommandException.Failure(refusal.Message, refusal);
            }
        });
        return command;
    }

    private static void Show(Terminal terminal, JobPage page, bool json)
    {
        if (json)
        {
            terminal.Line(JsonSerializer.Serialize(page, JobJson.Default.JobPage));
            return;
        }

        if (page.Jobs.Count == 0)
        {
            terminal.Line("No jobs.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("job", "state", "images", "failed", "submitted", "output");
        foreach (var job in page.Jobs)
        {
            var submitted = job.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            table.AddRow(
                job.Id, Words.State(job.State), Words.Images(job), Words.Count(job.Images.Failed), submitted, Markup.Escape(job.Spec.Output));
        }

        terminal.Out.Write(table);
        if (page.Total > page.Jobs.Count)
        {
            terminal.Line($"{Words.Count(page.Jobs.Count)} of {Words.Count(page.Total)} jobs; --limit shows more.");
        }
    }
}
