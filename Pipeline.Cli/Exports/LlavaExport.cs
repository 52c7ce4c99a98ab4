using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Cli.Datasets;

namespace Pipeline.Cli.Exports;

/// <summary>LLaVA's conversations, one JSON object a line. Images stay where they are: <c>image</c> is their key in the source.</summary>
internal static class LlavaExport
{
    public const string File = "train.jsonl";

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<ExportResult> WriteAsync(FinishedDataset dataset, string folder, bool keepDefects, CancellationToken cancellationToken)
    {
        long written = 0, failed = 0, unfit = 0;
        await using var file = PartialExport.Create(Path.Combine(folder, File));
        await foreach (var row in dataset.ReadAsync(cancellationToken))
        {
            if (row.Annotation.Failure is not null)
            {
                failed++;
                continue;
            }

            var turns = Conversation.Of(row, keepDefects);
            if (turns.Count == 0)
            {
                unfit++;
                continue;
            }

            WriteLine(file.Content, row.Annotation.Id, turns);
            written++;
        }

        await file.CompleteAsync(cancellationToken);
        return new ExportResult(written, failed, unfit, WithoutImage: 0, Files: 1);
    }

    private static void WriteLine(Stream content, string id, IReadOnlyList<(string Question, string Answer)> turns)
    {
        using (var json = new Utf8JsonWriter(content, s_options))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("image", id);
            json.WriteStartArray("conversations");
            foreach (var (question, answer) in turns)
            {
                WriteTurn(json, "human", question);
                WriteTurn(json, "gpt", answer);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        content.WriteByte((byte)'\n');
    }

    private static void WriteTurn(Utf8JsonWriter json, string from, string value)
    {
        json.WriteStartObject();
        json.WriteString("from", from);
        json.WriteString("value", value);
        json.WriteEndObject();
    }
}
