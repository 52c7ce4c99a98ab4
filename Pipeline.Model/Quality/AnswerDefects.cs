using Pipeline.Model.Engine;

namespace Pipeline.Model.Quality;

/// <summary>Finds what makes a written answer unfit for training. Pure functions of the text.</summary>
internal static class AnswerDefects
{
    /// <summary>What a refusal begins with, in lower case with plain apostrophes. Only beginnings count: a caption may quote anything later on.</summary>
    private static readonly string[] s_refusals =
    [
        "i'm sorry, but i ", "i am sorry, but i ", "i'm sorry, i ", "i am sorry, i ", "sorry, but i ", "sorry, i ", "i apologize, but i ",
        "i can't ", "i cannot ", "i can not ", "i'm unable to ", "i am unable to ", "i'm not able to ", "i am not able to ", "i won't ", "i will not ",
        "as an ai ", "as a language model", "as a large language model", "unfortunately, i can't ", "unfortunately, i cannot ", "unfortunately, i am unable ", "unfortunately, i'm unable ",
    ];

    /// <param name="text">Without the stop token.</param>
    /// <param name="reason">Why it ended.</param>
    /// <returns>The first that applies; a loop that ran into max_tokens is a loop. Null: nothing.</returns>
    public static AnswerDefect? Find(string text, FinishReason reason) =>
        string.IsNullOrWhiteSpace(text) ? AnswerDefect.Empty
        : RepeatedWords.Loop(text) ? AnswerDefect.Loop
        : IsRefusal(text) ? AnswerDefect.Refusal
        : reason is FinishReason.Length ? AnswerDefect.Truncated
        : null;

    private static bool IsRefusal(string text)
    {
        string beginning = text.TrimStart().Replace('’', '\'').ToLowerInvariant();
        return s_refusals.Any(refusal => beginning.StartsWith(refusal, StringComparison.Ordinal));
    }
}
