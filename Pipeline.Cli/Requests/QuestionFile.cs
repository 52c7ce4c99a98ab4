using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Cli.Commands;

namespace Pipeline.Cli.Requests;

/// <summary>A file of questions: one JSON list, or one JSON object a line.</summary>
internal static class QuestionFile
{
    /// <exception cref="CommandException">The file can't be read, or holds something else.</exception>
    public static IReadOnlyList<JsonNode> Read(string path)
    {
        var text = ReadText(path);
        return text.AsSpan().TrimStart().StartsWith('[') ? ReadList(path, text) : ReadLines(path, text);
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"--questions: '{path}' cannot be read ({e.Message}): give a file that you can read.");
        }
    }

    private static List<JsonNode> ReadList(string path, string text)
    {
        try
        {
            return [.. JsonNode.Parse(text)!.AsArray().Select((item, index) =>
                item ?? throw CommandException.Usage($"--questions: item {index} of '{path}' is null: give an object."))];
        }
        catch (JsonException e)
        {
            throw CommandException.Usage($"--questions: '{path}' begins like a JSON list and is none: {e.Message}");
        }
    }

    private static List<JsonNode> ReadLines(string path, string text)
    {
        var questions = new List<JsonNode>();
        var faults = new List<string>();
        foreach (var (index, line) in text.Split('\n').Index().Where(line => !string.IsNullOrWhiteSpace(line.Item)))
        {
            try
            {
                questions.Add(JsonNode.Parse(line) ?? throw new JsonException("it is null"));
            }
            catch (JsonException e)
            {
                faults.Add($"--questions: line {index + 1} of '{path}' is no JSON object: {e.Message}");
            }
        }

        return faults.Count == 0 ? questions : throw CommandException.Usage(faults);
    }
}
