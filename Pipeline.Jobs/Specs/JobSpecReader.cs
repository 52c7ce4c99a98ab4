using System.Collections.Immutable;
using System.Text.Json;

namespace Pipeline.Jobs.Specs;

/// <summary>Reads a person's JSON spec by walking it, so that every fault is found and not only the first.</summary>
public static class JobSpecReader
{
    /// <summary>Members of a spec, in the order of the canonical JSON.</summary>
    internal static ImmutableArray<string> Members { get; } =
        ["source", "input", "output", "model", "caption", "questions", "max_tokens", "sampling", "quality", "filters", "duplicates", "reuse", "embed_images", "shard_size", "schedule"];

    private static readonly ImmutableArray<string> s_qualityMembers = ["max_retries"];

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
            Input = root.Find("input") is { } input ? InputReader.Read(input, root.PointerTo("input"), faults) : null,
            Output = root.RequiredString("output", "the folder for the dataset, for example \"/data/photos-annotated\""),
            Model = root.RequiredString("model", "the checkpoint folder, for example \"/models/dragonfly\""),
            Caption = root.OptionalString("caption"),
            Questions = [.. root.Items("questions").Select(item => QuestionReader.Read(item.Value, item.Pointer, faults))],
            MaxTokens = root.OptionalInteger("max_tokens", JobSpec.DefaultMaxTokens),
            Sampling = root.Find("sampling") is { } sampling ? SamplingReader.Read(sampling, root.PointerTo("sampling"), faults) : null,
            Quality = root.Find("quality") is { } quality ? ReadQuality(quality, root.PointerTo("quality"), faults) : null,
            Filters = root.Find("filters") is { } filters ? SelectionReader.ReadFilters(filters, root.PointerTo("filters"), faults) : null,
            Duplicates = root.Find("duplicates") is { } duplicates ? SelectionReader.ReadDuplicates(duplicates, root.PointerTo("duplicates"), faults) : null,
            Reuse = root.Items("reuse") is { Count: > 0 } reuse ? [.. reuse.Select(item => JsonValues.StringOf(item.Value, item.Pointer, faults))] : null,
            EmbedImages = root.OptionalBoolean("embed_images", fallback: false),
            ShardSize = root.OptionalInteger("shard_size", JobSpec.DefaultShardSize),
            Schedule = root.Find("schedule") is { } schedule ? ScheduleReader.Read(schedule, root.PointerTo("schedule"), faults, new ScheduleSpec()) : null,
        };
        return new SpecReading(spec, faults);
    }

    private static QualitySpec ReadQuality(JsonElement json, string pointer, List<SpecFault> faults)
    {
        var members = JsonMembers.Of(json, pointer, s_qualityMembers, faults);
        return new QualitySpec { MaxRetries = members.OptionalInteger("max_retries", QualitySpec.DefaultMaxRetries) };
    }
}
