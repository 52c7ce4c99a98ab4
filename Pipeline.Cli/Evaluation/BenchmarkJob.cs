using System.Text.Json.Nodes;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Datasets;
using Pipeline.Cli.Display;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Requests;
using Pipeline.Evaluation.Protocols;
using Pipeline.Jobs.State;

namespace Pipeline.Cli.Evaluation;

/// <summary>Asks a model a benchmark's questions: an ordinary job over a manifest, which leaves an ordinary dataset and goes on where it was stopped.</summary>
internal static class BenchmarkJob
{
    public const string Questions = "questions.jsonl";
    public const string Predictions = "predictions";
    public const string Pictures = "images";

    /// <summary>Rows that an evaluation which is killed does again at most.</summary>
    private const int ShardSize = 100;

    /// <summary>The job's request; writes the manifest that it reads.</summary>
    /// <exception cref="CommandException">The folder can't be written, or holds an evaluation of something else.</exception>
    public static string Prepare(
        Benchmark benchmark, Protocol protocol, IReadOnlyList<(EvaluationItem Item, string Image)> items, string images, string model, string output)
    {
        var manifest = Path.Combine(Path.GetFullPath(output), Questions);
        var questions = string.Concat(items.Select(pair => new JsonObject
        {
            ["id"] = pair.Item.Id,
            ["image"] = pair.Image,
            ["questions"] = new JsonArray(Question(benchmark, protocol, pair.Item)),
        }.ToJsonString() + "\n"));

        // The job is known by its folders: it would take predictions made of other questions for its own.
        if (File.Exists(manifest) && File.ReadAllText(manifest) != questions)
        {
            throw CommandException.Usage($"--output: '{output}' holds an evaluation of other data, columns or prompts: name another folder.");
        }

        ReportFolder.Create("--output", output);
        ReportFolder.WriteText("--output", manifest, questions);
        return new JobRequest
        {
            Source = manifest,
            Input = new JsonObject { ["image_column"] = "image", ["id_column"] = "id", ["questions_column"] = "questions", ["base"] = images },
            Output = Path.Combine(output, Predictions),
            Model = model,
            MaxTokens = benchmark.MaxTokens,
            ShardSize = ShardSize,
        }.ToJson();
    }

    /// <summary>What the model wrote by row id; rows that failed are not there.</summary>
    public static async Task<IReadOnlyDictionary<string, (string Text, double? Confidence)>> RunAsync(
        Terminal terminal, string spec, string output, IEnumerable<KeyValuePair<string, string?>> settings, bool verbose, CancellationToken cancellationToken)
    {
        await using (var server = await LocalServer.StartAsync(LocalServer.AnyUrl, verbose, LocalServer.ForThisProcess.Concat(settings).ToDictionary(), cancellationToken))
        {
            var job = await new LocalJob(terminal, server).RunAsync(spec, cancellationToken);
            if (job.State is not (JobState.Completed or JobState.CompletedWithErrors))
            {
                throw CommandException.Failure($"The job ended as {Words.State(job.State)}: the same command goes on from there.");
            }
        }

        using var dataset = await FinishedDataset.OpenAsync(Path.Combine(output, Predictions), cancellationToken);
        Dictionary<string, (string, double?)> answers = [];
        await foreach (var row in dataset.ReadAsync(cancellationToken))
        {
            if (row.Annotation is { Failure: null, Labels: [var label, ..] })
            {
                answers[row.Annotation.Id] = (label.Answer, label.Confidence);
            }
        }

        return answers;
    }

    /// <summary>Labels are scored against each other, which gives confidences; everything else is written freely, as harnesses have it.</summary>
    private static JsonObject Question(Benchmark benchmark, Protocol protocol, EvaluationItem item) =>
        benchmark.Kind is BenchmarkKind.Labelled && item.Choices.Count > 1
            ? new JsonObject { ["id"] = "answer", ["text"] = protocol.Prompt(item), ["kind"] = "choice", ["choices"] = new JsonArray([.. item.Choices.Select(choice => JsonValue.Create(choice))]) }
            : new JsonObject { ["id"] = "answer", ["text"] = protocol.Prompt(item), ["kind"] = "open" };
}
