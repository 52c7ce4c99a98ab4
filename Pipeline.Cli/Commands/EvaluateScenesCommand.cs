using System.CommandLine;
using Pipeline.Cli.Display;
using Pipeline.Cli.Evaluation;
using Pipeline.Cli.Models;
using Pipeline.Model.Engine;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline evaluate scenes --model FOLDER</c>.</summary>
internal static class EvaluateScenesCommand
{
    private const int MostScenes = 1 << 24;
    private const int LastDraw = 65_535;

    public static Command Create(Terminal terminal)
    {
        var model = new Option<string?>("--model", "-m") { Description = $"A Dragonfly checkpoint. Default: {DefaultModel.Name}.", HelpName = "FOLDER" };
        var count = new Option<int>("--count") { Description = "Scenes to draw. Default 1,000.", DefaultValueFactory = _ => 1_000 };
        var seed = new Option<int>("--seed") { Description = "Which draw of held-out scenes, 0 to 65,535. Default 0.", DefaultValueFactory = _ => 0 };
        var ablation = new Option<bool>("--no-ablation") { Description = "Leave out the same questions with the zoom's crops masked, and for v1 with random crops." };
        var json = new Option<string?>("--json") { Description = "Write all figures as JSON, too.", HelpName = "FILE" };
        var report = new Option<string?>("--report")
        {
            Description = "Write a page of results, the reliability plot and every answer into this folder; files of an earlier report are replaced.",
            HelpName = "DIR",
        };
        var placement = new PlacementOptions();
        var command = new Command(
            "scenes", "Ask a model about drawn scenes that no training ever saw, whose truth is known: answers by kind, captions, calibration, what the zoom is worth.")
        {
            model, count, seed, ablation, json, report,
        };
        placement.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            terminal,
            new SceneEvaluationRequest(
                parsed.GetValue(model), Within("--count", parsed.GetValue(count), 1, MostScenes), Within("--seed", parsed.GetValue(seed), 0, LastDraw),
                !parsed.GetValue(ablation))
            {
                Engine = placement.Read(parsed, new EngineOptions()),
            },
            parsed.GetValue(json), parsed.GetValue(report), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal, SceneEvaluationRequest request, string? json, string? report, CancellationToken cancellationToken)
    {
        if (report is not null)
        {
            ReportFolder.Create("--report", report);
        }

        try
        {
            var evaluation = await SceneEvaluation.RunAsync(request, terminal, cancellationToken);
            TitledTable.Show(terminal, SceneTables.Of(evaluation));
            if (json is not null)
            {
                ReportFolder.WriteText("--json", json, SceneEvaluationJson.Write(evaluation));
            }

            if (report is not null)
            {
                ReportFolder.Write(report, evaluation);
                terminal.Line($"Page, plot and answers: {Path.GetFullPath(report)}");
            }

            return ExitCode.Success;
        }
        catch (ModelLoadException e)
        {
            throw CommandException.Usage(e.Message);
        }
    }

    private static int Within(string option, int value, int least, int most) =>
        value >= least && value <= most ? value : throw CommandException.Usage($"{option}: {value} must be {least:N0} to {most:N0}.");
}
