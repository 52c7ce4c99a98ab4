using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Specs;

/// <summary>How the words of captions and written answers are chosen, by vLLM's names. The defaults are greedy decoding.</summary>
/// <remarks>Scored questions draw nothing. Answers with a shape (numbers, patterns) take no <see cref="RepetitionPenalty"/> and no <see cref="Stop"/>, which would spoil it.</remarks>
public sealed record SamplingSpec
{
    /// <summary>0 takes the likeliest token always; higher draws more freely. 0 to 2, default 0.</summary>
    public double Temperature { get; init; }

    /// <summary>Only the likeliest tokens that together have this probability are drawn from. Above 0 and at most 1, default 1: all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Only this many of the likeliest tokens are drawn from. At least 1, or 0 for all; default 0.</summary>
    public int TopK { get; init; }

    /// <summary>Only tokens at least this many times as likely as the likeliest are drawn from. 0 to 1, default 0: all.</summary>
    public double MinP { get; init; }

    /// <summary>Above 1 makes tokens that were written already less likely. Above 0, default 1: none.</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Of the random numbers: the same seed gives the same answers. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Texts before which an answer ends, at most 16; default none.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Write the log-probability of every token into the dataset. Default false.</summary>
    [JsonPropertyName("logprobs")]
    public bool LogProbs { get; init; }

    /// <summary>Whether every member has its default, as if there were no sampling in the spec.</summary>
    internal bool IsDefault => Stop.Count == 0 && this with { Stop = s_default.Stop } == s_default;

    private static readonly SamplingSpec s_default = new();
}
