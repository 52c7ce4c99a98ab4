namespace Pipeline.Jobs.Statistics;

/// <summary>What rows hold, in numbers: of one shard or of a whole dataset.</summary>
public sealed record DatasetStatistics
{
    public required long Rows { get; init; }

    /// <summary>Of these, rows the answers of which were copied from an earlier dataset.</summary>
    public long Reused { get; init; }

    /// <summary>Failed rows by error code.</summary>
    public required IReadOnlyDictionary<string, long> Failures { get; init; }

    /// <summary>Images that are duplicates of earlier ones, by kind; empty if the job did not look for them.</summary>
    public IReadOnlyDictionary<string, long> Duplicates { get; init; } = new Dictionary<string, long>();

    /// <summary>Images by format; those of unknown format are not counted.</summary>
    public required IReadOnlyDictionary<string, long> Formats { get; init; }

    /// <summary>Pixels of decoded images.</summary>
    public required NumberSummary Width { get; init; }
    public required NumberSummary Height { get; init; }

    /// <summary>Length of captions in UTF-16 characters.</summary>
    public required NumberSummary CaptionCharacters { get; init; }

    /// <summary>Length of captions in generated tokens.</summary>
    public required NumberSummary CaptionTokens { get; init; }

    /// <summary>Captions by what makes them unfit; those without defect are not counted.</summary>
    public required IReadOnlyDictionary<string, long> CaptionDefects { get; init; }

    /// <summary>In the order of the job's questions.</summary>
    public required IReadOnlyList<LabelStatistics> Labels { get; init; }
}

/// <summary>The answers to one question.</summary>
public sealed record LabelStatistics
{
    public required string QuestionId { get; init; }
    public required string Question { get; init; }
    public required string Kind { get; init; }
    public required long Count { get; init; }

    /// <summary>By answer, of questions with choices; of "multi-choice" by choice, so that they may sum to more than <see cref="Count"/>. Empty for answers that the model writes.</summary>
    public required IReadOnlyDictionary<string, long> Answers { get; init; }

    /// <summary>Of the answers as numbers, where they are.</summary>
    public required NumberSummary Values { get; init; }

    /// <summary>Of scored answers, 0 to 1.</summary>
    public required NumberSummary Confidence { get; init; }

    /// <summary>Length of answers that the model writes, in UTF-16 characters.</summary>
    public required NumberSummary Characters { get; init; }
}
