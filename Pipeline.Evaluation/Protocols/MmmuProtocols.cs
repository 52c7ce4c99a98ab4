using Pipeline.Evaluation.Parsing;

namespace Pipeline.Evaluation.Protocols;

/// <summary>MMMU: letters, and open questions by number or substring.</summary>
internal static class MmmuProtocols
{
    /// <summary>Where lmms-eval's and MMMU's own scripts find no letter they draw one. Here the row's id draws it, so the score stays the same.</summary>
    public static Protocol Lmms { get; } = Of("lmms-eval", Prompts.LmmsMmmu, (item, answer) => MmmuChoice.Lmms(answer, item.Choices), draws: true);

    public static Protocol Official { get; } = Of("official", Prompts.LmmsMmmu, (item, answer) => MmmuChoice.Official(answer, item.Choices), draws: true);
    public static Protocol VlmEvalKit { get; } = Of("vlmevalkit", Prompts.VlmEvalKit, (item, answer) => VlmEvalKitLetter.Parse(answer, item.Choices), draws: false);
    public static Protocol Strict { get; } = Of("strict", Prompts.LmmsMmmu, (item, answer) => StrictLetter.Parse(answer, item.Choices.Count), draws: false);

    private static Protocol Of(string name, Func<EvaluationItem, string> prompt, Func<EvaluationItem, string, string?> parse, bool draws) => new()
    {
        Name = name,
        Prompt = prompt,
        Judge = (item, answer) =>
            item.Choices.Count == 0 ? (answer.Trim().Length == 0 ? Judgement.Unparsed : Judgement.Of(answer.Trim(), MmmuOpen.IsRight(answer, item.References)))
            : parse(item, answer) is { } letter ? Judgement.Of(letter, letter == item.Answer)
            : new Judgement(null, draws && Drawn(item) == item.Answer ? 1 : 0),
    };

    /// <summary>FNV-1a of the id, so that it is the same on every machine.</summary>
    private static string Drawn(EvaluationItem item)
    {
        uint hash = item.Id.Aggregate(2166136261u, (hash, letter) => (hash ^ letter) * 16777619u);
        return Letters.At((int)(hash % (uint)item.Choices.Count));
    }
}
