using Pipeline.Evaluation.Parsing;

namespace Pipeline.Evaluation.Protocols;

/// <summary>Questions whose answer is a letter: AI2D, ScienceQA.</summary>
internal static class ChoiceProtocols
{
    public static Protocol LmmsAi2d { get; } = Of("lmms-eval", Prompts.Lmms, (item, answer) => LmmsLetter.Ai2d(answer, item.Choices.Count));
    public static Protocol LmmsScienceQa { get; } = Of("lmms-eval", Prompts.Lmms, (item, answer) => LmmsLetter.ScienceQa(answer, item.Choices.Count));
    public static Protocol Llava { get; } = Of("llava", Prompts.Llava, (item, answer) => LlavaLetter.Parse(answer.Trim(), item.Choices.Count));
    public static Protocol VlmEvalKit { get; } = Of("vlmevalkit", Prompts.VlmEvalKit, (item, answer) => VlmEvalKitLetter.Parse(answer, item.Choices));
    public static Protocol Strict { get; } = Of("strict", Prompts.Lmms, (item, answer) => StrictLetter.Parse(answer, item.Choices.Count));

    private static Protocol Of(string name, Func<EvaluationItem, string> prompt, Func<EvaluationItem, string, string?> parse) => new()
    {
        Name = name,
        Prompt = prompt,
        Judge = (item, answer) => parse(item, answer) is { } letter ? Judgement.Of(letter, letter == item.Answer) : Judgement.Unparsed,
    };
}
