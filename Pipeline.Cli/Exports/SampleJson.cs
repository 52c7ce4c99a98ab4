using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Jobs.Rows;

namespace Pipeline.Cli.Exports;

/// <summary>A row as JSON, by the names of the dataset's columns.</summary>
internal static class SampleJson
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(DatasetRow row, bool keepDefects)
    {
        using var content = new MemoryStream();
        using (var json = new Utf8JsonWriter(content, s_options))
        {
            Write(json, row, keepDefects);
        }

        return content.ToArray();
    }

    private static void Write(Utf8JsonWriter json, DatasetRow row, bool keepDefects)
    {
        var (annotation, provenance) = row;
        json.WriteStartObject();
        json.WriteString("id", annotation.Id);
        json.WriteString("source_uri", annotation.SourceUri);
        json.WriteString("sha256", annotation.Sha256);
        json.WriteNumber("width", annotation.Width ?? 0);
        json.WriteNumber("height", annotation.Height ?? 0);
        json.WriteString("perceptual_hash", annotation.PerceptualHash);
        if (annotation.Caption is { } caption && (caption.Defect is null || keepDefects))
        {
            json.WriteString("caption_prompt", provenance.CaptionPrompt);
            json.WriteString("caption", caption.Text);
        }

        json.WriteStartArray("labels");
        foreach (var label in annotation.Labels)
        {
            Write(json, label);
        }

        json.WriteEndArray();
        json.WriteString("model_revision", provenance.ModelRevision);
        json.WriteString("prompt_hash", provenance.PromptHash);
        json.WriteString("parameters_hash", provenance.ParametersHash);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Label label)
    {
        json.WriteStartObject();
        json.WriteString("question_id", label.QuestionId);
        json.WriteString("question", label.Question);
        json.WriteString("kind", label.Kind);
        json.WriteString("answer", label.Answer);
        if (label.Value is { } value)
        {
            json.WriteNumber("value", value);
        }

        if (label.Confidence is { } confidence)
        {
            json.WriteNumber("confidence", confidence);
        }

        json.WriteEndObject();
    }
}
