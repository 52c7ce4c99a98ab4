using System.CommandLine;
using System.Text.Json.Nodes;
using Pipeline.Cli.Models;
using Pipeline.Cli.Requests;
using Pipeline.Jobs.Specs;

namespace Pipeline.Cli.Commands;

/// <summary>The options that describe what to ask of every image; <c>annotate</c> and <c>submit</c> share them.</summary>
internal sealed class SpecOptions
{
    public Option<string?> Output { get; } = new("--output", "-o")
    {
        Description = "Folder of the dataset, local or s3://bucket/prefix: new, empty, or of an earlier run of this very job.",
        HelpName = "DIR",
    };

    public Option<string?> Caption { get; } = new("--caption")
    {
        Description = $"Prompt for a caption; {{column}} in it is that column of the source. Without any --caption, --question, --questions and "
            + $"--questions-column it is \"{JobRequest.DefaultCaption}\".",
        HelpName = "PROMPT",
    };

    public Option<string[]> Questions { get; } = new("--question", "-q")
    {
        Description = "A question to ask of every image; may be given again. Ends in [yes-no] to have yes and no scored, in "
            + "[red|green|blue] to have one of these chosen, in [multi-choice: red|green|blue] to have any of them chosen, in [number] for a number, "
            + "or in [regex: PATTERN] for a text that matches; otherwise the model writes the answer. The labels are called q1, q2, …",
        HelpName = "TEXT",
        Arity = ArgumentArity.ZeroOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public Option<string?> QuestionFile { get; } = new("--questions")
    {
        Description = "JSON list, or one JSON object a line, of questions: {\"id\", \"text\", \"kind\", \"choices\", \"pattern\", \"max_tokens\"}. "
            + $"Kinds are {string.Join(", ", QuestionKinds.Names)}.",
        HelpName = "FILE",
    };

    public Option<string?> Model { get; } = new("--model", "-m")
    {
        Description = $"Dragonfly checkpoint folder in Hugging Face layout. Default: the {DefaultModel.Name} that comes with this program.",
        HelpName = "DIR",
    };

    public Option<int> MaxTokens { get; } = new("--max-tokens")
    {
        Description = "Most tokens of a caption or an answer that the model writes.",
        HelpName = "N",
        DefaultValueFactory = _ => JobSpec.DefaultMaxTokens,
    };

    public Option<bool> EmbedImages { get; } = new("--embed-images")
    {
        Description = "Put the images themselves into the rows, as Hugging Face's Image feature stores them.",
    };

    public Option<int> ShardSize { get; } = new("--shard-size")
    {
        Description = "Images a shard, and so rows a Parquet file. What a stopped run redoes is at most the shards it was in.",
        HelpName = "N",
        DefaultValueFactory = _ => JobSpec.DefaultShardSize,
    };

    public InputOptions Input { get; } = new();

    public SamplingOptions Sampling { get; } = new();

    public SelectionOptions Selection { get; } = new();

    public ScheduleOptions Schedule { get; } = new();

    private IEnumerable<Option> All => [Output, .. Input.All, Caption, Questions, QuestionFile, Model, MaxTokens, .. Sampling.All, .. Selection.All, EmbedImages, ShardSize, .. Schedule.All];

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>The options that the person wrote, by their names.</summary>
    public IEnumerable<string> Given(ParseResult parsed) =>
        All.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name);

    /// <exception cref="CommandException">The file of questions can't be read.</exception>
    public JobRequest Request(ParseResult parsed, string source) => new()
    {
        Source = source,
        Input = Input.Input(parsed),
        Output = parsed.GetValue(Output) ?? "",
        Model = parsed.GetValue(Model) ?? DefaultModel.Find(),
        Caption = parsed.GetValue(Caption),
        Questions =
        [
            .. (parsed.GetValue(Questions) ?? []).Select((text, index) => (JsonNode)QuestionSyntax.Parse($"q{index + 1}", text)),
            .. parsed.GetValue(QuestionFile) is { } file ? Requests.QuestionFile.Read(file) : [],
        ],
        MaxTokens = parsed.GetValue(MaxTokens),
        Sampling = Sampling.Sampling(parsed),
        Quality = Sampling.Quality(parsed),
        Filters = Selection.Filters(parsed),
        Duplicates = Selection.Duplicates(parsed),
        Reuse = Selection.Reuse(parsed),
        EmbedImages = parsed.GetValue(EmbedImages),
        ShardSize = parsed.GetValue(ShardSize),
        Schedule = Schedule.Schedule(parsed),
    };
}
