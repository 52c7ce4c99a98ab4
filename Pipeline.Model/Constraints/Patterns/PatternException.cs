namespace Pipeline.Model.Constraints.Patterns;

/// <summary>A pattern that can't be used, and where in it the trouble is.</summary>
internal sealed class PatternException(string pattern, int position, string reason)
    : Exception($"The pattern '{pattern}' can't be used: at character {position + 1}, {reason}.");
