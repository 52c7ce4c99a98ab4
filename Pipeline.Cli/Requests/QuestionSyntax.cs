using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pipeline.Cli.Requests;

/// <summary>
/// Questions as one writes them on a command line: <c>Is it red? [yes-no]</c>, <c>Which colour? [red|green|blue]</c>,
/// <c>Which colours? [multi-choice: red|green|blue]</c>, <c>How many? [number]</c>, <c>Which plate? [regex: [A-Z]{2}-[0-9]+]</c>, <c>What is it?</c>
/// </summary>
internal static partial class QuestionSyntax
{
    public static JsonObject Parse(string id, string text)
    {
        if (Shaped.Match(text) is { Success: true } shaped)
        {
            return Question(id, shaped.Groups["question"].Value, "regex", ("pattern", shaped.Groups["pattern"].Value));
        }

        var match = Bracketed.Match(text);
        if (!match.Success)
        {
            return Question(id, text, "open");
        }

        var (question, kind, answers) = (match.Groups["question"].Value, match.Groups["kind"], match.Groups["answers"]);
        return answers.Success
            ? Question(id, question, kind.Success ? kind.Value : "choice", ("choices", Choices(answers.Value)))
            : Question(id, question, kind.Value);
    }

    private static JsonObject Question(string id, string text, string kind, params (string Name, JsonNode Value)[] more)
    {
        var question = new JsonObject { ["id"] = id, ["text"] = text, ["kind"] = kind };
        foreach (var (name, value) in more)
        {
            question[name] = value;
        }

        return question;
    }

    private static JsonArray Choices(string answers) => new([.. answers.Split('|', StringSplitOptions.TrimEntries).Select(choice => (JsonNode)choice)]);

    /// <summary>Brackets without a bar, other than those of a kind, are part of the question.</summary>
    [GeneratedRegex(
        @"^(?<question>.*\S)\s*\[(?:(?<kind>yes-no|number)|(?<kind>multi-choice)\s*:(?<answers>[^\[\]]*)|(?<answers>[^\[\]]*\|[^\[\]]*))\]\s*$",
        RegexOptions.Singleline)]
    private static partial Regex Bracketed { get; }

    /// <summary>A pattern may hold brackets itself: it ends at the last.</summary>
    [GeneratedRegex(@"^(?<question>.*?\S)\s*\[regex\s*:\s*(?<pattern>.*)\]\s*$", RegexOptions.Singleline)]
    private static partial Regex Shaped { get; }
}
