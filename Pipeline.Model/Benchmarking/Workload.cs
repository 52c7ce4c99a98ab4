using Pipeline.Model.Engine;
using Pipeline.Model.Sampling;

namespace Pipeline.Model.Benchmarking;

/// <summary>What is asked of every image of a benchmark.</summary>
/// <param name="Name">"caption", "questions" or "mixed".</param>
/// <param name="Prompts">All greedy, of a fixed number of tokens.</param>
public sealed record Workload(string Name, IReadOnlyList<GeneratePrompt> Prompts)
{
    /// <summary>Tokens of a caption unless another number is asked for.</summary>
    public const int CaptionTokens = 32;

    private const int AnswerTokens = 4, MixedQuestions = 8;

    public static IReadOnlyList<string> Names { get; } = ["caption", "questions", "mixed"];

    /// <summary>One caption; the questions with 4 tokens each; or a caption and eight questions.</summary>
    /// <exception cref="ArgumentException">No such workload.</exception>
    public static Workload Of(string name, WorkloadTexts texts, int captionTokens = CaptionTokens) => name switch
    {
        "caption" => new(name, [Ask(texts.Caption, captionTokens)]),
        "questions" => new(name, [.. texts.Questions.Select(text => Ask(text, AnswerTokens))]),
        "mixed" => new(name, [Ask(texts.Caption, captionTokens), .. Eight(texts.Questions).Select(text => Ask(text, AnswerTokens))]),
        _ => throw new ArgumentException($"'{name}' is no workload: give one of {string.Join(", ", Names)}.", nameof(name)),
    };

    /// <summary>The questions in turn, and once more from the first where they are fewer.</summary>
    private static IEnumerable<string> Eight(IReadOnlyList<string> questions) =>
        Enumerable.Range(0, MixedQuestions).Select(i => questions[i % questions.Count]);

    private static GeneratePrompt Ask(string text, int tokens) => new(text, new SamplingParams { MaxTokens = tokens, IgnoreEos = true });
}
