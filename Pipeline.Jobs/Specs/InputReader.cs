using System.Collections.Immutable;
using System.Text.Json;

namespace Pipeline.Jobs.Specs;

/// <summary>Reads how the source of a spec is read.</summary>
internal static class InputReader
{
    private static readonly ImmutableArray<string> s_members = ["format", "by_content", "base", "image_column", "id_column", "questions_column"];

    public static InputSpec Read(JsonElement json, string pointer, List<SpecFault> faults)
    {
        var members = JsonMembers.Of(json, pointer, s_members, faults);
        return new InputSpec
        {
            Format = ReadFormat(members, faults),
            ByContent = members.OptionalBoolean("by_content", false),
            Base = members.OptionalString("base"),
            ImageColumn = members.OptionalString("image_column"),
            IdColumn = members.OptionalString("id_column"),
            QuestionsColumn = members.OptionalString("questions_column"),
        };
    }

    private static SourceFormat? ReadFormat(JsonMembers members, List<SpecFault> faults)
    {
        if (members.OptionalString("format") is not { } name)
        {
            return null;
        }

        if (SourceFormats.Find(name) is not { } format)
        {
            faults.Add(new(
                members.PointerTo("format"),
                $"\"{name}\" is no format of a source: use one of {string.Join(", ", SourceFormats.Names.Select(known => $"\"{known}\""))}."));
            return null;
        }

        return format;
    }
}
