using System.CommandLine;
using System.Text.Json.Nodes;
using Pipeline.Jobs.Specs;

namespace Pipeline.Cli.Commands;

/// <summary>The options that say which images get no answer. One that is not given is not in the spec.</summary>
internal sealed class SelectionOptions
{
    private const string Exact = "exact";
    private const string Near = "near";

    private readonly Option<int?> _minWidth = new("--min-width")
    {
        Description = "Leave out images of fewer pixels across: they get a row with the reason, and no answer.",
        HelpName = "N",
    };

    private readonly Option<int?> _minHeight = new("--min-height") { Description = "Leave out images of fewer pixels down.", HelpName = "N" };

    private readonly Option<double?> _maxAspect = new("--max-aspect")
    {
        Description = "Leave out images of which the longer side is more times the shorter: at least 1.",
        HelpName = "X",
    };

    private readonly Option<double?> _minContrast = new("--min-contrast")
    {
        Description = "Leave out images of which the grey values have a smaller standard deviation: 0 to 127.5; 2 leaves out what looks blank.",
        HelpName = "X",
    };

    private readonly Option<string?> _mark = Kinds(
        "--mark-duplicates", "Have the rows of images that came before say of which they are one: same bytes, or (near) nearly the same look, too. Reads all images once more.");

    private readonly Option<string?> _skip = Kinds("--skip-duplicates", "The same, and give duplicates no answer.");

    private readonly Option<int?> _bits = new("--duplicate-bits")
    {
        Description = $"Most bits in which the perceptual hashes of near duplicates differ: 0 to {DuplicateSpec.MostMaxBits}. Default {DuplicateSpec.DefaultMaxBits}.",
        HelpName = "N",
    };

    private readonly Option<string[]> _reuse = new("--reuse")
    {
        Description = "Finished dataset of which answers are copied where model, prompts, parameters and the image's bytes are the same; may be given again.",
        HelpName = "DIR",
        Arity = ArgumentArity.ZeroOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public IEnumerable<Option> All => [_minWidth, _minHeight, _maxAspect, _minContrast, _mark, _skip, _bits, _reuse];

    /// <summary>The spec's member <c>reuse</c>, or null where nothing is.</summary>
    public JsonArray? Reuse(ParseResult parsed) => parsed.GetValue(_reuse) is { Length: > 0 } datasets ? [.. datasets.Select(dataset => (JsonNode)dataset)] : null;

    /// <summary>The spec's member <c>filters</c>, or null where nothing is asked for.</summary>
    public JsonObject? Filters(ParseResult parsed) => SamplingOptions.Given(
        ("min_width", parsed.GetValue(_minWidth)),
        ("min_height", parsed.GetValue(_minHeight)),
        ("max_aspect", parsed.GetValue(_maxAspect)),
        ("min_contrast", parsed.GetValue(_minContrast)));

    /// <summary>The spec's member <c>duplicates</c>, or null where nothing is asked for.</summary>
    /// <exception cref="CommandException">The options contradict each other.</exception>
    public JsonObject? Duplicates(ParseResult parsed)
    {
        var (mark, skip, bits) = (parsed.GetValue(_mark), parsed.GetValue(_skip), parsed.GetValue(_bits));
        if (mark is not null && skip is not null)
        {
            throw CommandException.Usage($"{_mark.Name} and {_skip.Name} are both given: skipped duplicates are marked, so leave out {_mark.Name}.");
        }

        if (bits is not null && (skip ?? mark) is not Near)
        {
            throw CommandException.Usage($"{_bits.Name} is for near duplicates: give {_mark.Name} {Near} or {_skip.Name} {Near}, too, or leave it out.");
        }

        return (skip ?? mark) is { } kind ? SamplingOptions.Given(("find", kind), ("action", skip is null ? "mark" : "skip"), ("max_bits", bits)) : null;
    }

    private static Option<string?> Kinds(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description };
        option.AcceptOnlyFromAmong(Exact, Near);
        return option;
    }
}
