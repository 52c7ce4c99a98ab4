using System.Globalization;
using System.Text.Json;

namespace Pipeline.Evaluation.Forms;

/// <summary>One score that a judge gave: <c>{"id": "v1_0", "score": 0.7}</c>.</summary>
/// <param name="Id">The row's.</param>
/// <param name="Score">0 to 1.</param>
public sealed record JudgementLine(string Id, double Score)
{
    /// <summary>A score may be what the judge wrote, such as "0.7 since the sum is right": as in MM-Vet's own script its first word counts.</summary>
    /// <param name="json">The line.</param>
    /// <param name="where">File and line, for messages.</param>
    /// <exception cref="FormException">It is no judgement.</exception>
    public static JudgementLine Read(JsonElement json, string where)
    {
        if (json.ValueKind is not JsonValueKind.Object || !json.TryGetProperty("id", out JsonElement id) || id.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            throw new FormException($"{where}: no 'id': write one object with id and score a line.");
        }

        return json.TryGetProperty("score", out JsonElement score) && Number(score) is { } number
            ? new JudgementLine(id.ToString(), number)
            : throw new FormException($"{where}: the score of '{id}' must be a number from 0 to 1, or begin with one.");
    }

    private static double? Number(JsonElement score)
    {
        string? word = score.ValueKind switch
        {
            JsonValueKind.Number => score.GetRawText(),
            JsonValueKind.String => score.GetString()!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(),
            _ => null,
        };
        return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is >= 0 and <= 1 ? number : null;
    }
}
