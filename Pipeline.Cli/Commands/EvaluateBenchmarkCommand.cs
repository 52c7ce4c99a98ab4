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
        var data = new Option<string>("--data") { Description = "Questions with their truth and the paths of their images, one JSON object a line.", HelpName = "FILE", Required = true };
        var images = new Option<string?>("--images") { Description = "Folder that paths of images are relative to. Default: that of the data.", HelpName = "DIR" };
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

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var how = benchmark.FindProtocol(parsed.GetValue(protocol)) ?? throw CommandException.Usage(
                $"--protocol: '{parsed.GetValue(protocol)}' is none of {benchmark.Name}'s: {string.Join(", ", benchmark.Protocols.Select(one => one.Name))}.");
            var file = parsed.GetRequiredValue(data);
            var items = JsonlData.Read(benchmark, file, Columns(parsed.GetRequiredValue(column)));
            var scores = benchmark.Kind is BenchmarkKind.Judged && parsed.GetValue(judgements) is { } judged ? Judgements.Read(judged) : null;
            var folder = parsed.GetRequiredValue(output);
            var checkpoint = Path.GetFullPath(parsed.GetValue(model) ?? DefaultModel.Find());
            var place = parsed.GetValue(images) ?? Path.GetDirectoryName(Path.GetFullPath(file))!;
            try
            {
                var spec = BenchmarkJob.Prepare(benchmark, how, items, place, checkpoint, folder);
                var answers = await BenchmarkJob.RunAsync(terminal, spec, folder, parsed.GetValue(PipelineCommand.Verbose), cancellationToken);
                var rows = RowScorer.Score(benchmark, how, [.. items.Select(pair => (pair.Item, answers.TryGetValue(pair.Item.Id, out var answer) ? answer.Text : null))], scores);
                var report = ScoreReport.Of(benchmark, how, rows);
                BenchmarkFiles.Write(folder, Path.GetFileName(checkpoint.TrimEnd(Path.DirectorySeparatorChar)), benchmark, report, rows, answers);
                TitledTable.Show(terminal, BenchmarkTables.Of(benchmark, report, rows));
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

    private static Dictionary<string, string> Columns(string[] mappings) => mappings.Select(mapping => mapping.Split('=', 2)).GroupBy(pair => pair[0]).ToDictionary(
        group => group.Key,
        group => group.Last() is [_, { Length: > 0 } yours] ? yours : throw CommandException.Usage($"--column: '{group.Last()[0]}' says no column: write NAME=YOURS, such as answer=label."));
}
