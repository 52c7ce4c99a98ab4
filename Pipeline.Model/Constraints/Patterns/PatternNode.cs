namespace Pipeline.Model.Constraints.Patterns;

/// <summary>A parsed pattern.</summary>
internal abstract record PatternNode
{
    /// <summary>Any one of some characters.</summary>
    public sealed record Characters(IReadOnlyList<CharRange> Ranges) : PatternNode;

    /// <summary>One behind the other; none is the empty text.</summary>
    public sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    /// <summary>One of several.</summary>
    public sealed record Choice(IReadOnlyList<PatternNode> Options) : PatternNode;

    /// <summary>Again and again; no maximum is null.</summary>
    public sealed record Repeat(PatternNode Part, int Minimum, int? Maximum) : PatternNode;
}

/// <summary>UTF-16 code units from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
internal readonly record struct CharRange(char First, char Last)
{
    public bool Holds(char value) => value >= First && value <= Last;
}
