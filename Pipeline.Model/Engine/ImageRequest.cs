using Pipeline.Model.Constraints;
using Pipeline.Model.Imaging;
using Pipeline.Model.Quality;
using Pipeline.Model.Sampling;

namespace Pipeline.Model.Engine;

/// <summary>One image and everything asked of it. The image is encoded and prefilled once, whatever the number of prompts.</summary>
/// <param name="Crops">From <see cref="ImageProcessor"/> of the same model.</param>
/// <param name="Prompts">At least one.</param>
public sealed record ImageRequest(ImageCrops Crops, IReadOnlyList<Prompt> Prompts);

/// <summary>What is asked of an image.</summary>
/// <param name="Text">The question alone; the engine puts the chat headers around it.</param>
public abstract record Prompt(string Text);

/// <summary>The model writes the answer.</summary>
/// <param name="Text">The question alone.</param>
/// <param name="Sampling">How its tokens are chosen, and how many.</param>
public sealed record GeneratePrompt(string Text, SamplingParams Sampling) : Prompt(Text)
{
    /// <summary>What the answer must look like; null: anything.</summary>
    public AnswerShape? Shape { get; init; }

    /// <summary>Null: the first answer is taken, whatever it is.</summary>
    public QualityGate? Gate { get; init; }
}

/// <summary>The likeliest of the given answers is chosen.</summary>
/// <param name="Text">The question alone.</param>
/// <param name="Choices">At least two, all different, none empty.</param>
public sealed record ScorePrompt(string Text, IReadOnlyList<string> Choices) : Prompt(Text);

/// <summary>The answer to one prompt.</summary>
/// <param name="PromptTokens">Positions of the prompt, the image's included.</param>
public abstract record Answer(int PromptTokens)
{
    /// <summary>v1: the high-resolution crops that the model chose to look at, of the same image always the same; of v2, which looks at all, none.</summary>
    public IReadOnlyList<PixelBox> Zooms { get; init; } = [];
}

/// <summary>Answer to a <see cref="GeneratePrompt"/>.</summary>
/// <param name="Text">Decoded, without the stop token.</param>
/// <param name="TokenIds">All generated tokens, the stop token included.</param>
/// <param name="FinishReason">Why generation ended.</param>
/// <param name="MeanLogProbability">Mean natural-log probability of the generated tokens.</param>
/// <param name="PromptTokens">Positions of the prompt, the image's included.</param>
public sealed record GeneratedAnswer(
    string Text, IReadOnlyList<int> TokenIds, FinishReason FinishReason, double MeanLogProbability, int PromptTokens)
    : Answer(PromptTokens)
{
    /// <summary>Natural-log probability of each of <see cref="TokenIds"/>; empty unless asked for.</summary>
    public IReadOnlyList<double> LogProbabilities { get; init; } = [];

    /// <summary>What is still wrong with this answer, where a gate looked at it; null: nothing.</summary>
    public AnswerDefect? Defect { get; init; }

    /// <summary>Answers that the gate turned down before, oldest first.</summary>
    public IReadOnlyList<RejectedAnswer> Rejected { get; init; } = [];
}

/// <summary>An answer that was written again.</summary>
public sealed record RejectedAnswer(string Text, AnswerDefect Defect);

/// <summary>Answer to a <see cref="ScorePrompt"/>.</summary>
/// <param name="Best">Index of the likeliest choice.</param>
/// <param name="LogLikelihoods">Natural log of each choice's probability given image and prompt, the end of turn included.</param>
/// <param name="Probabilities">Softmax of <paramref name="LogLikelihoods"/>: sums to 1 over the choices.</param>
/// <param name="PromptTokens">Positions of the prompt, the image's included.</param>
public sealed record ScoredAnswer(
    int Best, IReadOnlyList<double> LogLikelihoods, IReadOnlyList<double> Probabilities, int PromptTokens)
    : Answer(PromptTokens);

/// <summary>Why generation ended.</summary>
public enum FinishReason
{
    /// <summary>The model wrote a stop token.</summary>
    Stop,

    /// <summary>MaxTokens was reached.</summary>
    Length,
}
