using Pipeline.Model.Constraints;
using Pipeline.Model.Quality;
using Pipeline.Model.Sampling;

namespace Pipeline.Model.Engine;

/// <summary>What the engine has to be told about choosing tokens and judging answers.</summary>
internal sealed record AnswerPolicy
{
    /// <summary>Who picks the tokens of an answer, given its sampling, its shape and the ids of its prompt; null where the likeliest is simply it.</summary>
    public required Func<SamplingParams, AnswerShape?, IReadOnlyList<int>, ITokenPicker?> PickerFor { get; init; }

    /// <summary>What makes an answer unfit; null: nothing.</summary>
    public required Func<GeneratedAnswer, AnswerDefect?> FindDefect { get; init; }

    /// <summary>The sampling of a further attempt, given what was asked for, and how many attempts were turned down. Most tokens stay the same.</summary>
    public required Func<SamplingParams, int, SamplingParams> ChangedFor { get; init; }

    /// <summary>Decoding that takes the likeliest token always.</summary>
    /// <exception cref="ArgumentException">The prompt asks for more than that.</exception>
    public static void ThrowIfNotGreedy(GeneratePrompt prompt)
    {
        string? asked = prompt switch
        {
            { Sampling.Temperature: > 0 } => $"temperature {prompt.Sampling.Temperature}",
            { Sampling.RepetitionPenalty: not 1 } => $"repetition_penalty {prompt.Sampling.RepetitionPenalty}",
            { Shape: not null } => $"an answer of the shape '{prompt.Shape.Pattern}'",
            { Gate: not null } => "a quality gate",
            _ => null,
        };
        if (asked is not null)
        {
            throw new ArgumentException($"The prompt '{prompt.Text}' asks for {asked}, and this engine only decodes greedily: leave it out.", nameof(prompt));
        }
    }
}
