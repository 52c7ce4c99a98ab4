using Pipeline.Evaluation.Parsing;

namespace Pipeline.Evaluation.Protocols;

/// <summary>Yes or no: POPE.</summary>
internal static class YesNoProtocols
{
    public static Protocol Lmms { get; } = Of("lmms-eval", Prompts.Short, YesNo.Lmms) with { RecallCountsUnparsed = false };
    public static Protocol Llava { get; } = Of("llava", Prompts.Short, YesNo.Llava) with { AveragesCategories = true };
    public static Protocol VlmEvalKit { get; } = Of("vlmevalkit", Prompts.VlmEvalKitYesNo, YesNo.VlmEvalKit);
    public static Protocol Strict { get; } = Of("strict", Prompts.Short, YesNo.Strict);

    private static Protocol Of(string name, Func<EvaluationItem, string> prompt, Func<string, string?> parse) => new()
    {
        Name = name,
        Prompt = prompt,
        Judge = (item, answer) => parse(answer) is { } said ? Judgement.Of(said, said == item.Answer) : Judgement.Unparsed,
    };
}
