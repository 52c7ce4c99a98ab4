using System.Text.Json;

namespace Pipeline.Evaluation.Forms;

/// <summary>A row of a data file with columns by their published or mapped names.</summary>
/// <param name="json">An object.</param>
/// <param name="where">File and line, for messages.</param>
/// <param name="mapping">Columns of this file by the name that they are looked for with.</param>
public sealed class DataRow(JsonElement json, string where, IReadOnlyDictionary<string, string> mapping)
{
    public string Where { get; } = where;

    /// <summary>The first of these columns that is there as a text; null: none is.</summary>
    public string? Find(params ReadOnlySpan<string> names) => Column(names) switch
    {
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { } value => value.GetRawText(),
        null => null,
    };

    /// <exception cref="FormException">None of them is there.</exception>
    public string Text(params ReadOnlySpan<string> names) => Find(names) ?? throw new FormException(
        $"{Where}: no column '{string.Join("' or '", names.ToArray())}' (there are: {string.Join(", ", json.EnumerateObject().Select(member => member.Name))}): name yours with --column {names[0]}=YOURS.");

    /// <summary>A JSON list, or a text with a list as Python writes it, as MMMU's options are; empty: the column is not there.</summary>
    public IReadOnlyList<string> List(params ReadOnlySpan<string> names) => Column(names) switch
    {
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => item.ValueKind is JsonValueKind.String ? item.GetString()! : item.GetRawText())],
        { ValueKind: JsonValueKind.String } text when PythonList.Parse(text.GetString()!) is { } list => list,
        { ValueKind: JsonValueKind.String } text => [text.GetString()!],
        _ => [],
    };

    /// <summary>Whether one of these columns is there, be it empty.</summary>
    public bool Has(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (json.TryGetProperty(mapping.GetValueOrDefault(name, name), out _))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether somebody said what this file calls the column.</summary>
    public bool IsMapped(string name) => mapping.ContainsKey(name);

    private JsonElement? Column(ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (json.TryGetProperty(mapping.GetValueOrDefault(name, name), out JsonElement value) && value.ValueKind is not JsonValueKind.Null)
            {
                return value;
            }
        }

        return null;
    }
}
