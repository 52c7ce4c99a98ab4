namespace Pipeline.Model.Constraints.Patterns;

/// <summary>Judges patterns where there is no model yet.</summary>
internal static class Pattern
{
    /// <summary>Longest pattern.</summary>
    public const int MostCharacters = 1_000;

    /// <param name="pattern">That a whole answer is to match.</param>
    /// <param name="maxTokens">Most tokens of the answer.</param>
    /// <returns>What is wrong with it, and the mend; null: nothing.</returns>
    public static string? Fault(string pattern, int maxTokens)
    {
        if (pattern.Length > MostCharacters)
        {
            return $"The pattern has {pattern.Length:N0} characters; at most {MostCharacters:N0} are allowed.";
        }

        try
        {
            var automaton = PatternAutomaton.Of(pattern);
            int[] distances = automaton.Distances();
            int shortest = automaton.Start.Min(state => distances[state]);
            return shortest == int.MaxValue ? $"The pattern '{pattern}' matches no text at all."
                : shortest == 0 && !automaton.Start.Any(state => distances[state] is > 0 and < int.MaxValue) ? $"The pattern '{pattern}' matches nothing but the empty text."
                : shortest > maxTokens ? $"The shortest text that matches '{pattern}' has {shortest} characters, and max_tokens is {maxTokens}: each may take a token, so raise max_tokens to at least {shortest}."
                : null;
        }
        catch (PatternException e)
        {
            return e.Message;
        }
    }
}
