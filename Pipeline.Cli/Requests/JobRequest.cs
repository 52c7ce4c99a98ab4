using System.Text.Json.Nodes;

namespace Pipeline.Cli.Requests;

/// <summary>A job as the command line describes it. The API judges it; here only paths are made absolute.</summary>
internal sealed record JobRequest
{
    /// <summary>Asked where nothing else is.</summary>
    public const string DefaultCaption = "Describe this image in one sentence.";

    public required string Source { get; init; }

    /// <summary>How the source is read; null where the person says nothing.</summary>
    public JsonObject? Input { get; init; }

    public required string Output { get; init; }
    public required string Model { get; init; }
    public string? Caption { get; init; }

    /// <summary>JSON as the person wrote it: unknown members are for the API to name.</summary>
    public IReadOnlyList<JsonNode> Questions { get; init; } = [];

    public required int MaxTokens { get; init; }

    /// <summary>Null where the person asks for none.</summary>
    public JsonObject? Sampling { get; init; }
    public JsonObject? Quality { get; init; }

    public JsonObject? Filters { get; init; }
    public JsonObject? Duplicates { get; init; }

    /// <summary>Null where nothing is reused.</summary>
    public JsonArray? Reuse { get; init; }

    public bool EmbedImages { get; init; }
    public required int ShardSize { get; init; }

    /// <summary>Null where the person asks for none.</summary>
    public JsonObject? Schedule { get; init; }

    /// <summary>The body of <c>POST /v1/jobs</c>.</summary>
    public string ToJson() => new JsonObject
    {
        ["source"] = Absolute(Source),
        ["input"] = AbsoluteInput(),
        ["output"] = Absolute(Output),
        ["model"] = Absolute(Model),
        ["caption"] = Caption ?? (Questions.Count == 0 && Input?["questions_column"] is null ? DefaultCaption : null),
        ["questions"] = new JsonArray([.. Questions.Select(question => question.DeepClone())]),
        ["max_tokens"] = MaxTokens,
        ["sampling"] = Sampling?.DeepClone(),
        ["quality"] = Quality?.DeepClone(),
        ["filters"] = Filters?.DeepClone(),
        ["duplicates"] = Duplicates?.DeepClone(),
        ["reuse"] = Reuse is null ? null : new JsonArray([.. Reuse.Select(dataset => (JsonNode)Absolute(dataset!.GetValue<string>()))]),
        ["embed_images"] = EmbedImages,
        ["shard_size"] = ShardSize,
        ["schedule"] = Schedule?.DeepClone(),
    }.ToJsonString();

    private JsonNode? AbsoluteInput()
    {
        var input = Input?.DeepClone();
        if (input?["base"] is { } folder)
        {
            input["base"] = Absolute(folder.GetValue<string>());
        }

        return input;
    }

    /// <summary>URIs stay as they are, whatever their scheme, and so does what is empty.</summary>
    public static string Absolute(string place) =>
        place.Length == 0 || place.Contains("://", StringComparison.Ordinal) || place.Contains('\0') ? place : Path.GetFullPath(place);
}
