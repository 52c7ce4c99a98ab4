using Pipeline.Evaluation.Metrics;
using Pipeline.Evaluation.Parsing;

namespace Pipeline.Evaluation.Protocols;

/// <summary>VQA-RAD, SLAKE, Path-VQA: closed questions right or wrong, open ones by token F1.</summary>
internal static class MedicalProtocols
{
    /// <summary>The answer and nothing more; every row counts.</summary>
    public static Protocol Strict { get; } = Of("strict", Prompts.Short, (item, answer) => Closed(item, answer, YesNo.Strict));

    /// <summary>"Yes" and "no" are also found inside a sentence; every row counts.</summary>
    public static Protocol Lenient { get; } = Of("lenient", Prompts.Short, (item, answer) => Closed(item, answer, YesNo.VlmEvalKit));

    /// <summary>
    /// LLaVA-Med's script, for comparing with figures made by it alone: a closed answer with "yes" or "no" anywhere in it, inside words too, counts if the truth
    /// is in it and leaves the denominator if not; without either it is wrong.
    /// </summary>
    public static Protocol Legacy { get; } = Of("llava-med-legacy", Prompts.Plain, (item, answer) =>
    {
        string said = LlavaMedWords.Normal(answer), truth = LlavaMedWords.Normal(item.Answer);
        return !said.Contains(YesNo.Yes, StringComparison.Ordinal) && !said.Contains(YesNo.No, StringComparison.Ordinal) ? Judgement.Unparsed
            : said.Contains(truth, StringComparison.Ordinal) ? new Judgement(truth, 1)
            : new Judgement(said, null);
    });

    private static Protocol Of(string name, Func<EvaluationItem, string> prompt, Func<EvaluationItem, string, Judgement> closed) => new()
    {
        Name = name,
        Prompt = prompt,
        Judge = (item, answer) => !item.IsOpen ? closed(item, answer)
            : answer.Trim().Length == 0 ? Judgement.Unparsed
            : new Judgement(answer.Trim(), TokenF1.Of(answer, item.Answer).F1),
    };

    private static Judgement Closed(EvaluationItem item, string answer, Func<string, string?> yesNo)
    {
        string truth = Normal(item.Answer), said = Normal(answer);
        return truth is YesNo.Yes or YesNo.No
            ? yesNo(answer) is { } parsed ? Judgement.Of(parsed, parsed == truth) : Judgement.Unparsed
            : said.Length == 0 ? Judgement.Unparsed : Judgement.Of(said, said == truth);
    }

    private static string Normal(string text) => string.Join(' ', Words.Of(text));
}
