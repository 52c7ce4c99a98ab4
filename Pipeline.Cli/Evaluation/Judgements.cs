using System.Text.Json;
using Pipeline.Cli.Commands;
using Pipeline.Evaluation.Forms;

namespace Pipeline.Cli.Evaluation;

/// <summary>Scores that a judge gave, one a line.</summary>
internal static class Judgements
{
    /// <param name="file">JSONL.</param>
    /// <param name="ids">Those of the rows.</param>
    /// <exception cref="CommandException">The file can't be read, a line is no judgement of a row, or a row is judged twice.</exception>
    public static IReadOnlyDictionary<string, double> Read(string file, IReadOnlySet<string> ids)
    {
        Dictionary<string, double> scores = [];
        try
        {
            foreach (var (index, line) in File.ReadLines(file).Index().Where(line => !string.IsNullOrWhiteSpace(line.Item)))
            {
                using var json = JsonDocument.Parse(line);
                var judged = JudgementLine.Read(json.RootElement, $"{file}:{index + 1}");
                if (!ids.Contains(judged.Id))
                {
                    throw new FormException($"{file}:{index + 1}: '{judged.Id}' is no id of the data: judge the lines of to-judge.jsonl.");
                }

                if (!scores.TryAdd(judged.Id, judged.Score))
                {
                    throw new FormException($"{file}:{index + 1}: '{judged.Id}' was judged in an earlier line: leave one of them out.");
                }
            }
        }
        catch (FormException e)
        {
            throw CommandException.Usage($"--judgements: {e.Message}");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"--judgements: '{file}' can't be read ({e.Message.TrimEnd('.')}): name a JSONL file.");
        }

        return scores;
    }
}
