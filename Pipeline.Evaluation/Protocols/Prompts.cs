using Pipeline.Evaluation.Parsing;

namespace Pipeline.Evaluation.Protocols;

/// <summary>The harnesses' prompts.</summary>
public static class Prompts
{
    /// <summary>LLaVA's and lmms-eval's suffix of questions with choices.</summary>
    public const string LetterSuffix = "Answer with the option's letter from the given choices directly.";

    /// <summary>LLaVA's and lmms-eval's suffix of short answers.</summary>
    public const string ShortSuffix = "Answer the question using a single word or phrase.";

    public static string Plain(EvaluationItem item) => item.Question;

    public static string Short(EvaluationItem item) => $"{item.Question}\n{ShortSuffix}";

    /// <summary>lmms-eval: the context is announced as such.</summary>
    public static string Lmms(EvaluationItem item) => Letter(item, item.Context.Length == 0 ? "" : $"Context: {item.Context}\n");

    /// <summary>lmms-eval's MMMU: a blank line before the suffix.</summary>
    public static string LmmsMmmu(EvaluationItem item) => item.Choices.Count == 0
        ? $"{item.Question}\n\n{ShortSuffix}"
        : $"{item.Question}\n{Choices(item)}\n\n{LetterSuffix}";

    /// <summary>LLaVA: the context stands before the question as it is.</summary>
    public static string Llava(EvaluationItem item) => Letter(item, item.Context.Length == 0 ? "" : $"{item.Context}\n");

    public static string VlmEvalKit(EvaluationItem item) => item.Choices.Count == 0
        ? item.Question
        : $"{(item.Context.Length == 0 ? "" : $"Hint: {item.Context}\n")}Question: {item.Question}\nOptions:\n{Choices(item)}\nPlease select the correct answer from the options above. \n";

    public static string VlmEvalKitYesNo(EvaluationItem item) => $"{item.Question} Please answer yes or no.";

    private static string Letter(EvaluationItem item, string context) => item.Choices.Count == 0
        ? Short(item)
        : $"{context}{item.Question}\n{Choices(item)}\n{LetterSuffix}";

    private static string Choices(EvaluationItem item) => string.Join('\n', item.Choices.Select((choice, index) => $"{Letters.At(index)}. {choice}"));
}
