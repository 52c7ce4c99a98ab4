using System.Runtime.CompilerServices;
using System.Text.Json;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Sources;

/// <summary>Rows of a file of JSON objects, one a line; what is no text is taken as its JSON.</summary>
internal static class JsonlRows
{
    /// <exception cref="ObjectStoreException">The file cannot be read.</exception>
    public static async IAsyncEnumerable<SourceRow> ReadAsync(IObjectStore store, string key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var content = new RowBudget(await store.OpenReadAsync(key, cancellationToken), store.UriOf(key));
        using var reader = new StreamReader(content);
        for (var line = 1; await reader.ReadLineAsync(cancellationToken) is { } text; line++)
        {
            content.Next();
            if (!string.IsNullOrWhiteSpace(text))
            {
                yield return Read(new SourceRow { File = key, Where = $"line {line}" }, text);
            }
        }
    }

    /// <summary>The members of a JSON object as columns.</summary>
    /// <exception cref="JsonException">It is no JSON object.</exception>
    public static IReadOnlyDictionary<string, string?> Columns(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind is not JsonValueKind.Object)
        {
            throw new JsonException($"it is a JSON {document.RootElement.ValueKind.ToString().ToLowerInvariant()}");
        }

        var columns = new Dictionary<string, string?>();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            columns[member.Name] = member.Value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => member.Value.GetString(),
                _ => member.Value.GetRawText(),
            };
        }

        return columns;
    }

    private static SourceRow Read(SourceRow row, string text)
    {
        try
        {
            return row with { Columns = Columns(text) };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return row with { Fault = $"it is no JSON object ({e.Message.TrimEnd('.')}): write one object a line." };
        }
    }
}
