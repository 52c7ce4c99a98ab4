namespace Pipeline.Jobs.Rows;

/// <summary>What is the same for all rows of one shard attempt.</summary>
public sealed record RowProvenance
{
    public required string JobId { get; init; }
    public required string Model { get; init; }
    public required string ModelRevision { get; init; }

    /// <summary>sha256 of the caption prompt and questions, lower-case hex.</summary>
    public required string PromptHash { get; init; }

    /// <summary>sha256 of everything else that can change an answer (max tokens, sampling), lower-case hex.</summary>
    public required string ParametersHash { get; init; }

    public required string CodeVersion { get; init; }
    public required int Attempt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
