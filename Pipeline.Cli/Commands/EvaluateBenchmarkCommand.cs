using System.CommandLine;
using Pipeline.Cli.Display;
using Pipeline.Cli.Evaluation;
using Pipeline.Cli.Models;
using Pipeline.Evaluation.Protocols;
using Pipeline.Evaluation.Scoring;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline evaluate pope --data FILE --output DIR</c>, and so for every benchmark.</summary>
internal static class EvaluateBenchmarkCommand
{
    public static Command Create(Terminal terminal, Benchmark benchmark)
    {
        var data = new Option<string[]>("--data")
        {
            Description = "Questions with their truth and images: Parquet as Hugging Face has it, or JSON objects with paths of images, one a line. Files, or folders of them.",
            HelpName = "FILES",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var images = new Option<string?>("--images") { Description = "Folder that paths of images are relative to. Default: that of the first file.", HelpName = "DIR" };
        var model = new Option<string?>("--model", "-m") { Description = $"A Dragonfly checkpoint. Default: {DefaultModel.Name}.", HelpName = "FOLDER" };
        var output = new Option<string>("--output", "-o") { Description = "Folder of predictions and scores. The same command goes on in it where it was stopped.", HelpName = "DIR", Required = true };
        var protocol = new Option<string?>("--protocol") { Description = $"{string.Join(", ", benchmark.Protocols.Select(one => one.Name))}. Default: {benchmark.Protocols[0].Name}." };
        var column = new Option<string[]>("--column") { Description = "NAME=YOURS: what your data calls a column. May be given several times.", HelpName = "NAME=YOURS", DefaultValueFactory = _ => [] };
        var judgements = new Option<string?>("--judgements") { Description = "Scores of a judge, one {\"id\": …, \"score\": 0 to 1} a line.", HelpName = "FILE" };
        var command = new Command(benchmark.Name, $"{benchmark.Title}, scored by a named protocol.") { data, images, model, output, protocol, column };
        if (benchmark.Kind is BenchmarkKind.Judged)
        {
            command.Add(judgements);
        }

        var placement = new PlacementOptions();
        placement.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var how = benchmark.FindProtocol(parsed.GetValue(protocol)) ?? throw CommandException.Usage(
                $"--protocol: '{parsed.GetValue(protocol)}' is none of {benchmark.Name}'s: {string.Join(", ", benchmark.Protocols.Select(one => one.Name))}.");
            var places = parsed.GetRequiredValue(data);
            var place = Path.GetFullPath(parsed.GetValue(images) ?? (Directory.Exists(places[0]) ? places[0] : Path.GetDirectoryName(Path.GetFullPath(places[0]))!));
            var folder = parsed.GetRequiredValue(output);
            var checkpoint = Path.GetFullPath(parsed.GetValue(model) ?? DefaultModel.Find());
            try
            {
                var pictures = new PictureFolder(Path.Combine(folder, BenchmarkJob.Pictures));
                var questions = await BenchmarkData.ReadAsync(benchmark, places, place, Columns(parsed.GetRequiredValue(column)), pictures, cancellationToken);
                var scores = parsed.GetValue(judgements) is { } judged ? Judgements.Read(judged, questions.Items.Select(pair => pair.Item.Id).ToHashSet()) : null;
                var spec = BenchmarkJob.Prepare(benchmark, how, questions.Items, place, checkpoint, folder);
                var answers = await BenchmarkJob.RunAsync(terminal, spec, folder, placement.Settings(parsed), parsed.GetValue(PipelineCommand.Verbose), cancellationToken);
                var rows = RowScorer.Score(benchmark, how, [.. questions.Items.Select(pair => (pair.Item, answers.TryGetValue(pair.Item.Id, out var answer) ? answer.Text : null))], scores);
                var report = ScoreReport.Of(benchmark, how, rows);
                BenchmarkFiles.Write(folder, new ModelScore(Path.GetFileName(checkpoint.TrimEnd(Path.DirectorySeparatorChar)), report), benchmark, rows, answers);
                TitledTable.Show(terminal, BenchmarkTables.Of(benchmark, report, rows));
                Tell(terminal, questions);
                terminal.Line($"Predictions, scores and table: {Path.GetFullPath(folder)}");
                return ExitCode.Success;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                terminal.Fail(["Stopped. Committed shards are kept: the same command goes on from there."]);
                return ExitCode.Interrupted;
            }
        });
        return command;
    }

    private static void Tell(Terminal terminal, BenchmarkData questions)
    {
        if (questions.TextOnly > 0)
        {
            terminal.Line($"{questions.TextOnly:N0} questions have no image and were not asked.");
        }

        if (questions.Joined > 0)
        {
            terminal.Line($"{questions.Joined:N0} questions have several images and were asked about one picture with all of them side by side.");
        }
    }

    private static Dictionary<string, string> Columns(string[] mappings) => mappings.Select(mapping => mapping.Split('=', 2)).GroupBy(pair => pair[0]).ToDictionary(
        group => group.Key,
        group => group.Last() is [_, { Length: > 0 } yours] ? yours : throw CommandException.Usage($"--column: '{group.Last()[0]}' says no column: write NAME=YOURS, such as answer=label."));
}
