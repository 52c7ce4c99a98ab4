using System.Collections.Immutable;
using System.Text.Json;

namespace Pipeline.Jobs.Specs;

/// <summary>Reads which images of a source are left out.</summary>
internal static class SelectionReader
{
    private static readonly ImmutableArray<string> s_filters = ["min_width", "min_height", "max_aspect", "min_contrast"];
    private static readonly ImmutableArray<string> s_duplicates = ["find", "action", "max_bits"];

    public static FilterSpec ReadFilters(JsonElement json, string pointer, List<SpecFault> faults)
    {
        var members = JsonMembers.Of(json, pointer, s_filters, faults);
        return new FilterSpec
        {
            MinWidth = members.OptionalInteger("min_width", 0),
            MinHeight = members.OptionalInteger("min_height", 0),
            MaxAspect = members.OptionalNumber("max_aspect", 0),
            MinContrast = members.OptionalNumber("min_contrast", 0),
        };
    }

    public static DuplicateSpec ReadDuplicates(JsonElement json, string pointer, List<SpecFault> faults)
    {
        var members = JsonMembers.Of(json, pointer, s_duplicates, faults);
        return new DuplicateSpec
        {
            Find = Word(members, "find", faults, ("exact", DuplicateKind.Exact), ("near", DuplicateKind.Near)),
            Action = Word(members, "action", faults, ("mark", DuplicateAction.Mark), ("skip", DuplicateAction.Skip)),
            MaxBits = members.OptionalInteger("max_bits", DuplicateSpec.DefaultMaxBits),
        };
    }

    private static T Word<T>(JsonMembers members, string name, List<SpecFault> faults, params (string Word, T Value)[] words)
    {
        var given = members.OptionalString(name);
        if (given is null || words.Any(word => word.Word == given))
        {
            return words.FirstOrDefault(word => word.Word == given).Value;
        }

        faults.Add(new(members.PointerTo(name), $"\"{given}\" is unknown: use {string.Join(" or ", words.Select(word => $"\"{word.Word}\""))}."));
        return words[0].Value;
    }
}
