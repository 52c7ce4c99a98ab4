using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Specs;

/// <summary>One question asked of every image.</summary>
public sealed record Question
{
    /// <summary>Name of the label in the output: letters, digits, '.', '_' and '-', at most 64, unique in the job.</summary>
    public required string Id { get; init; }

    public required string Text { get; init; }

    public QuestionKind Kind { get; init; }

    /// <summary>The answers to choose from; only for <see cref="QuestionKind.Choice"/>, at least two, all different.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
}

/// <summary>How an answer is found.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuestionKind>))]
public enum QuestionKind
{
    /// <summary>The model writes the answer.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>"yes" and "no" are scored and the likelier one is the label.</summary>
    [JsonStringEnumMemberName("yes-no")]
    YesNo,

    /// <summary>Every choice is scored and the likeliest one is the label.</summary>
    [JsonStringEnumMemberName("choice")]
    Choice,
}
