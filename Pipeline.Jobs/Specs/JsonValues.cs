using System.Text.Json;

namespace Pipeline.Jobs.Specs;

/// <summary>JSON values of the wrong type become a fault and a stand-in.</summary>
internal static class JsonValues
{
    public static string StringOf(JsonElement value, string pointer, List<SpecFault> faults)
    {
        if (value.ValueKind is not JsonValueKind.String)
        {
            faults.Add(new(pointer, $"{Shown(value)} is no text: put it in double quotes."));
            return "";
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            faults.Add(new(pointer, "The text holds half of a surrogate pair: write whole Unicode characters."));
            return "";
        }
    }

    public static int IntegerOf(JsonElement value, int fallback, string pointer, List<SpecFault> faults)
    {
        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number))
        {
            return number;
        }

        faults.Add(new(pointer, $"{Shown(value)} is no whole number of 32 bits: give one, for example {fallback}."));
        return fallback;
    }

    public static long LongOf(JsonElement value, long fallback, string pointer, List<SpecFault> faults)
    {
        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number))
        {
            return number;
        }

        faults.Add(new(pointer, $"{Shown(value)} is no whole number of 64 bits: give one, for example {fallback}."));
        return fallback;
    }

    public static double NumberOf(JsonElement value, double fallback, string pointer, List<SpecFault> faults)
    {
        if (value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number))
        {
            return number;
        }

        faults.Add(new(pointer, $"{Shown(value)} is no finite number: give one, for example {fallback:0.0#}."));
        return fallback;
    }

    public static bool BooleanOf(JsonElement value, bool fallback, string pointer, List<SpecFault> faults)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        faults.Add(new(pointer, $"{Shown(value)} is neither true nor false: write one of them, without quotes."));
        return fallback;
    }

    /// <summary>The value as written, cut where it gets long.</summary>
    public static string Shown(JsonElement value)
    {
        const int longest = 40;
        var text = value.GetRawText();
        return text.Length <= longest ? text : text[..longest] + "…";
    }
}
