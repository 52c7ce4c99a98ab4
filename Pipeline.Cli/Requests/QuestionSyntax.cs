using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pipeline.Cli.Requests;

/// <summary>Questions as one writes them on a command line: <c>Is it red? [yes-no]</c>, <c>Which colour? [red|green|blue]</c>, <c>What is it?</c></summary>
internal static partial class QuestionSyntax
{
    public static JsonObject Parse(string id, string text)
    {
        var match = Bracketed.Match(text);
        return match.Success
            ? (match.Groups["question"].Value, match.Groups["answers"].Value) switch
            {
                (var question, "yes-no") => Question(id, question, "yes-no"),
                var (question, answers) => Question(id, question, "choice", [.. answers.Split('|', StringSplitOptions.TrimEntries)]),
            }
            : Question(id, text, "open");
    }

    private static JsonObject Question(string id, string text, string kind, string[]? choices = null)
    {
        var question = new JsonObject { ["id"] = id, ["text"] = text, ["kind"] = kind };
        if (choices is not null)
        {
            question["choices"] = new JsonArray([.. choices.Select(choice => (JsonNode)choice)]);
        }

        return question;
    }

    /// <summary>Brackets without a bar, other than yes-no, are part of the question.</summary>
    [GeneratedRegex(@"^(?<question>.*\S)\s*\[(?<answers>yes-no|[^\[\]]*\|[^\[\]]*)\]\s*$", RegexOptions.Singleline)]
    private static partial Regex Bracketed { get; }
}
