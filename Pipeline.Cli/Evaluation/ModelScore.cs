using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Cli.Commands;
using Pipeline.Evaluation.Scoring;

namespace Pipeline.Cli.Evaluation;

/// <summary>A model's score on one benchmark, as its folder keeps it.</summary>
/// <param name="Model">Name of the checkpoint's folder.</param>
/// <param name="Report">Its figures.</param>
internal sealed record ModelScore(string Model, ScoreReport Report)
{
    public const string File = "score.json";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string ToJson() => JsonSerializer.Serialize(this, s_json) + "\n";

    /// <exception cref="CommandException">There is none in the folder.</exception>
    public static ModelScore Read(string folder)
    {
        var file = Path.Combine(folder, File);
        try
        {
            return JsonSerializer.Deserialize<ModelScore>(System.IO.File.ReadAllText(file), s_json) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"'{folder}' holds no score ({e.Message.TrimEnd('.')}): name folders that ./pipeline evaluate BENCHMARK wrote.");
        }
    }
}
