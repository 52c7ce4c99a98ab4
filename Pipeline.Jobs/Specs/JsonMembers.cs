using System.Collections.Immutable;
using System.Text.Json;

namespace Pipeline.Jobs.Specs;

/// <summary>The members of one JSON object, read one by one; whatever is wrong with one becomes a fault and a default.</summary>
internal sealed class JsonMembers
{
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly string _pointer;
    private readonly List<SpecFault> _faults;
    private readonly bool _isObject;

    private JsonMembers(string pointer, List<SpecFault> faults, bool isObject) =>
        (_pointer, _faults, _isObject) = (pointer, faults, isObject);

    public static JsonMembers Of(JsonElement json, string pointer, ImmutableArray<string> known, List<SpecFault> faults)
    {
        var members = new JsonMembers(pointer, faults, json.ValueKind is JsonValueKind.Object);
        if (!members._isObject)
        {
            faults.Add(new(pointer, $"{JsonValues.Shown(json)} is no JSON object: give one with {string.Join(", ", known)}."));
            return members;
        }

        foreach (var member in json.EnumerateObject())
        {
            if (!known.Contains(member.Name, StringComparer.Ordinal))
            {
                faults.Add(new(members.PointerTo(member.Name), UnknownMember(member.Name, known)));
            }
            else if (!members._values.TryAdd(member.Name, member.Value))
            {
                faults.Add(new(members.PointerTo(member.Name), $"\"{member.Name}\" is given more than once: give it once."));
            }
        }

        return members;
    }

    public string PointerTo(string name) =>
        $"{_pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public string RequiredString(string name, string meaning)
    {
        if (Find(name) is { } value)
        {
            return JsonValues.StringOf(value, PointerTo(name), _faults);
        }

        // Of something that is no object at all, one fault says enough.
        if (_isObject)
        {
            _faults.Add(new(PointerTo(name), $"\"{name}\" is missing: give {meaning}."));
        }

        return "";
    }

    public string? OptionalString(string name) => Find(name) is { } value ? JsonValues.StringOf(value, PointerTo(name), _faults) : null;

    public int OptionalInteger(string name, int fallback) =>
        _values.TryGetValue(name, out var value) ? JsonValues.IntegerOf(value, fallback, PointerTo(name), _faults) : fallback;

    public int? OptionalInteger(string name) => Find(name) is { } value ? JsonValues.IntegerOf(value, 1, PointerTo(name), _faults) : null;

    public long OptionalLong(string name, long fallback) =>
        _values.TryGetValue(name, out var value) ? JsonValues.LongOf(value, fallback, PointerTo(name), _faults) : fallback;

    public double OptionalNumber(string name, double fallback) =>
        _values.TryGetValue(name, out var value) ? JsonValues.NumberOf(value, fallback, PointerTo(name), _faults) : fallback;

    public bool OptionalBoolean(string name, bool fallback) =>
        _values.TryGetValue(name, out var value) ? JsonValues.BooleanOf(value, fallback, PointerTo(name), _faults) : fallback;

    /// <summary>Null where the member is not there, or null.</summary>
    public JsonElement? Find(string name) =>
        _values.TryGetValue(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    public IReadOnlyList<(JsonElement Value, string Pointer)> Items(string name)
    {
        if (!_values.TryGetValue(name, out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return [];
        }

        if (value.ValueKind is JsonValueKind.Array)
        {
            return [.. value.EnumerateArray().Select((item, index) => (item, $"{PointerTo(name)}/{index}"))];
        }

        _faults.Add(new(PointerTo(name), $"{JsonValues.Shown(value)} is no list: put it in square brackets."));
        return [];
    }

    private static string UnknownMember(string name, ImmutableArray<string> known)
    {
        var meant = known.FirstOrDefault(candidate => Squeezed(candidate) == Squeezed(name));
        return meant is null
            ? $"\"{name}\" is unknown: remove it. Known are {string.Join(", ", known)}."
            : $"\"{name}\" is unknown: write it \"{meant}\".";
    }

    private static string Squeezed(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
}
