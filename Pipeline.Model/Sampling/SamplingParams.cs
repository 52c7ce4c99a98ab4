namespace Pipeline.Model.Sampling;

/// <summary>How tokens of an answer are chosen, by vLLM's names. The defaults are greedy decoding.</summary>
public sealed record SamplingParams
{
    /// <summary>Most tokens generated, the stop token included; at least 1.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Divides the logits; 0 takes the likeliest token always. 0 to 2; default 0.</summary>
    public double Temperature { get; init; }

    /// <summary>Only the likeliest tokens that together have this probability are drawn from; above 0, at most 1; default 1 (all).</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Only this many of the likeliest tokens are drawn from; 0 means all; default 0.</summary>
    public int TopK { get; init; }

    /// <summary>Only tokens at least this many times as likely as the likeliest are drawn from; 0 to 1; default 0 (all).</summary>
    public double MinP { get; init; }

    /// <summary>Divides positive and multiplies negative logits of tokens in the prompt's text and the answer so far (CTRL, arXiv 1909.05858); above 0; default 1 (none).</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Of the random numbers: the same seed, image and prompt give the same answer, whatever else runs. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Texts that end the answer, which then ends before them; none empty. Default none.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Go on behind the model's stop tokens: for measuring. Default false.</summary>
    public bool IgnoreEos { get; init; }

    /// <summary>Return the log-probability of every token. Default false.</summary>
    public bool LogProbs { get; init; }
}
