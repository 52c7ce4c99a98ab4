namespace Pipeline.Jobs.Rows;

/// <summary>Text that the model wrote.</summary>
/// <param name="Text">Without stop token.</param>
/// <param name="FinishReason">"stop" (the model ended it) or "length" (cut at max_tokens).</param>
/// <param name="Tokens">Generated, the stop token included.</param>
/// <param name="MeanLogProbability">Mean natural-log probability of those tokens.</param>
public sealed record GeneratedText(string Text, string FinishReason, int Tokens, double MeanLogProbability)
{
    /// <summary>What is wrong with the text, also after all attempts: "empty", "truncated", "loop" or "refusal"; null: nothing was found.</summary>
    public string? Defect { get; init; }

    /// <summary>Attempts before this one, oldest first.</summary>
    public IReadOnlyList<RejectedText> Rejected { get; init; } = [];

    /// <summary>Positions of the prompt, the image's included; null in files of before 0.2.0.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>Natural-log probability of every token; empty unless the job asks for them.</summary>
    public IReadOnlyList<double> LogProbabilities { get; init; } = [];
}

/// <summary>Text with a defect that was written again.</summary>
/// <param name="Text">Without stop token.</param>
/// <param name="Defect">As of <see cref="GeneratedText"/>.</param>
public sealed record RejectedText(string Text, string Defect);
