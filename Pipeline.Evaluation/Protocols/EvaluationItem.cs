namespace Pipeline.Evaluation.Protocols;

/// <summary>One question of a benchmark with its truth.</summary>
public sealed record EvaluationItem
{
    public required string Id { get; init; }

    public required string Question { get; init; }

    /// <summary>What is told before the question (ScienceQA's hint); empty: nothing.</summary>
    public string Context { get; init; } = "";

    /// <summary>Texts of the choices; empty: a question without.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The truth: a letter where there are choices, otherwise a text; of captions and judged questions the first reference.</summary>
    public required string Answer { get; init; }

    /// <summary>All accepted texts; of captions the references.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Whether the answer is free text rather than one of few.</summary>
    public bool IsOpen { get; init; }

    /// <summary>What breakdowns go by: name of the group, and which one it is in. A row may be in several of one name.</summary>
    public IReadOnlyList<(string Group, string Value)> Groups { get; init; } = [];

    /// <summary>Objects in the image, for CHAIR; null: not known.</summary>
    public IReadOnlyList<string>? Objects { get; init; }
}
