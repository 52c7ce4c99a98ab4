namespace Pipeline.Model.Constraints;

/// <summary>What a generated answer must look like: only tokens that can still lead to a match are chosen.</summary>
/// <param name="Pattern">A regular expression that the whole answer matches.</param>
public sealed record AnswerShape(string Pattern);
