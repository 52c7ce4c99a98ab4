using System.Collections.Immutable;
using System.Text.Json;

namespace Pipeline.Jobs.Specs;

/// <summary>Reads one question of a spec.</summary>
internal static class QuestionReader
{
    private static readonly ImmutableArray<string> s_members = ["id", "text", "kind", "choices", "pattern", "max_tokens"];

    public static Question Read(JsonElement json, string pointer, List<SpecFault> faults)
    {
        var members = JsonMembers.Of(json, pointer, s_members, faults);
        return new Question
        {
            Id = members.RequiredString("id", "the label's name in the dataset, for example \"has_person\""),
            Text = members.RequiredString("text", "what to ask of every image"),
            Kind = ReadKind(members, faults),
            Choices = [.. members.Items("choices").Select(item => JsonValues.StringOf(item.Value, item.Pointer, faults))],
            Pattern = members.OptionalString("pattern"),
            MaxTokens = members.OptionalInteger("max_tokens"),
        };
    }

    private static QuestionKind ReadKind(JsonMembers members, List<SpecFault> faults)
    {
        if (members.OptionalString("kind") is not { } name)
        {
            return QuestionKind.Open;
        }

        if (QuestionKinds.Find(name) is { } kind)
        {
            return kind;
        }

        faults.Add(new(
            members.PointerTo("kind"),
            $"\"{name}\" is no kind of question: use one of {string.Join(", ", QuestionKinds.Names.Select(known => $"\"{known}\""))}."));
        return QuestionKind.Open;
    }
}
