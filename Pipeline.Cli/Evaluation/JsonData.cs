using System.Runtime.CompilerServices;
using System.Text.Json;
using Pipeline.Evaluation.Forms;

namespace Pipeline.Cli.Evaluation;

/// <summary>Rows of JSON: an object a line, or all of them in one list.</summary>
internal static class JsonData
{
    /// <exception cref="FormException">A row is no object.</exception>
    public static async IAsyncEnumerable<DataFileRow> ReadAsync(string file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(file);
        if (IsList(file))
        {
            await using var content = File.OpenRead(file);
            var at = 0;
            await foreach (var item in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(content, cancellationToken: cancellationToken))
            {
                at++;
                yield return new DataFileRow(Object(item, $"{file}: item {at}"), $"{file}: item {at}", $"{name}#{at}");
            }

            yield break;
        }

        var line = 0;
        await foreach (var text in File.ReadLinesAsync(file, cancellationToken))
        {
            line++;
            if (!string.IsNullOrWhiteSpace(text))
            {
                using var json = JsonDocument.Parse(text);
                yield return new DataFileRow(Object(json.RootElement, $"{file}:{line}").Clone(), $"{file}:{line}", $"{name}#{line}");
            }
        }
    }

    private static bool IsList(string file) => File.ReadLines(file).FirstOrDefault(line => !string.IsNullOrWhiteSpace(line))?.TrimStart() is ['[', ..];

    private static JsonElement Object(JsonElement json, string where) =>
        json.ValueKind is JsonValueKind.Object ? json : throw new FormException($"{where} is no JSON object: write one object a line.");
}
