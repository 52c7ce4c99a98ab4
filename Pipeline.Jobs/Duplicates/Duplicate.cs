using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Duplicates;

/// <summary>That an image is one which came before.</summary>
/// <param name="Of">Key of that one, which is a duplicate of none.</param>
/// <param name="Kind">In what they are the same.</param>
public sealed record Duplicate(string Of, DuplicateKind Kind);
