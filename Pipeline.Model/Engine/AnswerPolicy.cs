using Pipeline.Model.Constraints;
using Pipeline.Model.Quality;
using Pipeline.Model.Sampling;
using Pipeline.Model.Tokenization;

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

    /// <summary>As people use the engine.</summary>
    public static AnswerPolicy Of(DragonflyTokenizer tokenizer)
    {
        var pickers = new TokenPickers(() => new TokenVocabulary(tokenizer, SpecialTokens.Of(tokenizer).EndOfTurn));
        return new AnswerPolicy
        {
            PickerFor = pickers.For,
            FindDefect = answer => AnswerDefects.Find(answer.Text, answer.FinishReason),
            ChangedFor = RetrySampling.For,
        };
    }
}
