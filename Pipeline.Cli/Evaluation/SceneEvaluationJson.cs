using System.Text.Json;
using System.Text.Json.Serialization;
using Scenes.Evaluation;

namespace Pipeline.Cli.Evaluation;

/// <summary>An evaluation's figures, and its answers line by line, for programs.</summary>
internal static class SceneEvaluationJson
{
    private static readonly JsonSerializerOptions s_line = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },

        // The share of facts that no caption told.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions s_indented = new(s_line) { WriteIndented = true };

    public static string Write(SceneEvaluation evaluation) => JsonSerializer.Serialize(
        new { evaluation.Model, evaluation.Version, evaluation.Seed, evaluation.Report, evaluation.Masked, evaluation.RandomCrops }, s_indented) + "\n";

    /// <summary>A scene's answers on one line.</summary>
    public static string Line(SceneAnswers scene) => JsonSerializer.Serialize(scene, s_line);
}
