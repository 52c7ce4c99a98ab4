using System.Collections.Immutable;
using System.Text.Json;

namespace Pipeline.Jobs.Specs;

/// <summary>Reads a person's JSON spec by walking it, so that every fault is found and not only the first.</summary>
public static class JobSpecReader
{
    /// <summary>Members of a spec, in the order of the canonical JSON.</summary>
    internal static ImmutableArray<string> Members { get; } = ["source", "output", "model", "caption", "questions", "max_tokens", "shard_size"];

    private static readonly ImmutableArray<string> s_questionMembers = ["id", "text", "kind", "choices"];

    /// <summary>Reads a spec; values are typed here and judged by <see cref="JobSpecValidator"/>.</summary>
    /// <exception cref="JsonException">The text is not JSON at all.</exception>
    public static SpecReading Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement);
    }

    public static SpecReading Read(JsonElement json)
    {
        var faults = new List<SpecFault>();
        var root = JsonMembers.Of(json, "", Members, faults);
        var spec = new JobSpec
        {
            Source = root.RequiredString("source", "the folder of images, for example \"/data/photos\" or \"s3://bucket/photos\""),
            Output = root.RequiredString("output", "the folder for the dataset, for example \"/data/photos-annotated\""),
            Model = root.RequiredString("model", "the checkpoint folder, for example \"/models/dragonfly\""),
            Caption = root.OptionalString("caption"),
            Questions = [.. root.Items("questions").Select(item => ReadQuestion(item.Value, item.Pointer, faults))],
            MaxTokens = root.OptionalInteger("max_tokens", JobSpec.DefaultMaxTokens),
            ShardSize = root.OptionalInteger("shard_size", JobSpec.DefaultShardSize),
        };
        return new SpecReading(spec, faults);
    }

    private static Question ReadQuestion(JsonElement json, string pointer, List<SpecFault> faults)
    {
        var members = JsonMembers.Of(json, pointer, s_questionMembers, faults);
        return new Question
        {
            Id = members.RequiredString("id", "the label's name in the dataset, for example \"has_person\""),
            Text = members.RequiredString("text", "what to ask of every image"),
            Kind = ReadKind(members, faults),
            Choices = [.. members.Items("choices").Select(item => JsonMembers.StringOf(item.Value, item.Pointer, faults))],
        };
    }

    private static QuestionKind ReadKind(JsonMembers members, List<SpecFault> faults)
    {
        switch (members.OptionalString("kind"))
        {
            case null or "open":
                return QuestionKind.Open;
            case "yes-no":
                return QuestionKind.YesNo;
            case "choice":
                return QuestionKind.Choice;
            case var other:
                faults.Add(new(members.PointerTo("kind"), $"\"{other}\" is no kind of question: use \"open\", \"yes-no\" or \"choice\"."));
                return QuestionKind.Open;
        }
    }
}
