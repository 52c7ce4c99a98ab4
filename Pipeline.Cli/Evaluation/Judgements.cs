using System.Text.Json;
using Pipeline.Cli.Commands;

namespace Pipeline.Cli.Evaluation;

/// <summary>Scores that a judge gave: <c>{"id": "v1_0", "score": 0.7}</c> a line.</summary>
internal static class Judgements
{
    /// <exception cref="CommandException">The file can't be read, or a line is no judgement.</exception>
    public static IReadOnlyDictionary<string, double> Read(string file)
    {
        Dictionary<string, double> scores = [];
        try
        {
            foreach (var (index, line) in File.ReadLines(file).Index().Where(line => line.Item.Length > 0))
            {
                using var json = JsonDocument.Parse(line);
                if (json.RootElement.ValueKind is not JsonValueKind.Object
                    || !json.RootElement.TryGetProperty("id", out var id) || id.ValueKind is not JsonValueKind.String
                    || !json.RootElement.TryGetProperty("score", out var score) || score.ValueKind is not JsonValueKind.Number || score.GetDouble() is not (>= 0 and <= 1)
                    || !scores.TryAdd(id.GetString()!, score.GetDouble()))
                {
                    throw CommandException.Usage($"--judgements: {file}:{index + 1} must hold an id of its own, a text, and a score of 0 to 1.");
                }
            }
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"--judgements: '{file}' can't be read ({e.Message.TrimEnd('.')}): name a JSONL file.");
        }

        return scores;
    }
}
