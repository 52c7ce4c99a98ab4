namespace Pipeline.Jobs.Rows;

/// <summary>What is the same for all rows of one shard attempt.</summary>
public sealed record RowProvenance
{
    public required string JobId { get; init; }
    public required string Model { get; init; }
    public required string ModelRevision { get; init; }

    /// <summary>The caption's prompt as it was asked; null if the job asks for no caption, and in files of before 0.2.0.</summary>
    public string? CaptionPrompt { get; init; }

    /// <summary>Of the random numbers that answers were drawn with; 0 in files of before 0.2.0.</summary>
    public long Seed { get; init; }

    /// <summary>sha256 of the caption prompt and questions, lower-case hex.</summary>
    public required string PromptHash { get; init; }

    /// <summary>sha256 of everything else that can change an answer (max tokens, sampling), lower-case hex.</summary>
    public required string ParametersHash { get; init; }

    public required string CodeVersion { get; init; }
    public required int Attempt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
