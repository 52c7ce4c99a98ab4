using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Specs;

/// <summary>One question asked of every image.</summary>
public sealed record Question
{
    /// <summary>Name of the label in the output: letters, digits, '.', '_' and '-', at most 64, unique in the job.</summary>
    public required string Id { get; init; }

    public required string Text { get; init; }

    public QuestionKind Kind { get; init; }

    /// <summary>The answers to choose from; only for <see cref="QuestionKind.Choice"/> and <see cref="QuestionKind.MultiChoice"/>, at least two, all different.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Regular expression that the whole answer matches; only for <see cref="QuestionKind.Regex"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Pattern { get; init; }

    /// <summary>Most tokens of this answer, 1 to 4,096; only for <see cref="QuestionKind.Open"/> and <see cref="QuestionKind.Regex"/>. Null: as the job says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxTokens { get; init; }
}
