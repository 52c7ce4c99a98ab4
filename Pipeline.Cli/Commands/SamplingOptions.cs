using System.CommandLine;
using System.Text.Json.Nodes;
using Pipeline.Jobs.Specs;

namespace Pipeline.Cli.Commands;

/// <summary>The options that say how words are chosen and what becomes of bad captions. One that is not given is not in the spec.</summary>
internal sealed class SamplingOptions
{
    private readonly Option<double?> _temperature = new("--temperature")
    {
        Description = "0 takes the likeliest word always; up to 2 draws ever more freely. Default 0.",
        HelpName = "T",
    };

    private readonly Option<double?> _topP = new("--top-p")
    {
        Description = "Draw only from the likeliest tokens that together have this probability: above 0, at most 1. Default 1.",
        HelpName = "P",
    };

    private readonly Option<int?> _topK = new("--top-k")
    {
        Description = "Draw only from this many of the likeliest tokens; 0 means all. Default 0.",
        HelpName = "N",
    };

    private readonly Option<double?> _minP = new("--min-p")
    {
        Description = "Draw only from tokens at least this many times as likely as the likeliest: 0 to 1. Default 0.",
        HelpName = "P",
    };

    private readonly Option<double?> _repetitionPenalty = new("--repetition-penalty")
    {
        Description = "Above 1 makes words that were written already less likely. Default 1.",
        HelpName = "X",
    };

    private readonly Option<long?> _seed = new("--seed")
    {
        Description = "The same seed draws the same answers. Default 0.",
        HelpName = "N",
    };

    private readonly Option<string[]> _stop = new("--stop")
    {
        Description = "End captions and open answers before this text; may be given again.",
        HelpName = "TEXT",
        Arity = ArgumentArity.ZeroOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<bool> _logProbs = new("--logprobs") { Description = "Write the log-probability of every generated token into the dataset." };

    private readonly Option<int?> _maxRetries = new("--max-retries")
    {
        Description = "Most further attempts at a caption that is empty, cut off, loops or refuses: 0 to 5; 0 only records it. "
            + $"Default {QualitySpec.DefaultMaxRetries}.",
        HelpName = "N",
    };

    public IReadOnlyList<Option> All => [_temperature, _topP, _topK, _minP, _repetitionPenalty, _seed, _stop, _logProbs, _maxRetries];

    /// <summary>The spec's member <c>sampling</c>, or null where nothing is asked for.</summary>
    public JsonObject? Sampling(ParseResult parsed)
    {
        var stops = parsed.GetValue(_stop) ?? [];
        return Given(
            ("temperature", parsed.GetValue(_temperature)),
            ("top_p", parsed.GetValue(_topP)),
            ("top_k", parsed.GetValue(_topK)),
            ("min_p", parsed.GetValue(_minP)),
            ("repetition_penalty", parsed.GetValue(_repetitionPenalty)),
            ("seed", parsed.GetValue(_seed)),
            ("stop", stops.Length == 0 ? null : new JsonArray([.. stops.Select(stop => (JsonNode)stop)])),
            ("logprobs", parsed.GetValue(_logProbs) ? true : null));
    }

    /// <summary>The spec's member <c>quality</c>, or null where nothing is asked for.</summary>
    public JsonObject? Quality(ParseResult parsed) => Given(("max_retries", parsed.GetValue(_maxRetries)));

    /// <summary>The members that have a value; null if none has.</summary>
    internal static JsonObject? Given(params (string Name, JsonNode? Value)[] members)
    {
        var given = new JsonObject(members.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Name, member.Value)));
        return given.Count == 0 ? null : given;
    }
}
