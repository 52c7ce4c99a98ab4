namespace Pipeline.Evaluation.Protocols;

/// <summary>What a protocol makes of an answer.</summary>
/// <param name="Parsed">What was read out of it; null: nothing could be.</param>
/// <param name="Score">0 to 1; null: the protocol leaves the row out of the denominator.</param>
public sealed record Judgement(string? Parsed, double? Score)
{
    /// <summary>Nothing could be read: wrong.</summary>
    public static Judgement Unparsed { get; } = new(null, 0);

    public static Judgement Of(string? parsed, bool isRight) => parsed is null ? Unparsed : new Judgement(parsed, isRight ? 1 : 0);
}
