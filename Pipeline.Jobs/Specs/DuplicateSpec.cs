using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Specs;

/// <summary>What becomes of images that are in the source more than once. It is found out while the job is planned, of all images in the order of the plan.</summary>
public sealed record DuplicateSpec
{
    /// <summary>Which images count as the same; default those of the same bytes.</summary>
    public DuplicateKind Find { get; init; }

    /// <summary>Whether duplicates are annotated and marked, or left without an answer; default the first.</summary>
    public DuplicateAction Action { get; init; }

    /// <summary>Most bits in which the perceptual hashes of near duplicates differ: 0 to 7, default 6.</summary>
    public int MaxBits { get; init; } = DefaultMaxBits;

    public const int DefaultMaxBits = 6;
    public const int MostMaxBits = 7;
}

/// <summary>How two images are the same.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DuplicateKind>))]
public enum DuplicateKind
{
    /// <summary>Byte for byte.</summary>
    [JsonStringEnumMemberName("exact")]
    Exact,

    /// <summary>To look at: in another size or compression, say. Of a spec: byte for byte, too.</summary>
    [JsonStringEnumMemberName("near")]
    Near,
}

/// <summary>What is done with a duplicate.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DuplicateAction>))]
public enum DuplicateAction
{
    /// <summary>It is annotated like all others; its row says of which image it is one.</summary>
    [JsonStringEnumMemberName("mark")]
    Mark,

    /// <summary>Its row is a failure that says so, and the model never sees it.</summary>
    [JsonStringEnumMemberName("skip")]
    Skip,
}
