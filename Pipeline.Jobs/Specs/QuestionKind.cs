using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Specs;

/// <summary>How an answer is found.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuestionKind>))]
public enum QuestionKind
{
    /// <summary>The model writes the answer.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>"yes" and "no" are scored and the likelier one is the label.</summary>
    [JsonStringEnumMemberName("yes-no")]
    YesNo,

    /// <summary>Every choice is scored and the likeliest one is the label.</summary>
    [JsonStringEnumMemberName("choice")]
    Choice,

    /// <summary>Of every choice it is asked whether it applies; the label is all that do.</summary>
    [JsonStringEnumMemberName("multi-choice")]
    MultiChoice,

    /// <summary>The model writes a decimal number, and can write nothing else.</summary>
    [JsonStringEnumMemberName("number")]
    Number,

    /// <summary>The model writes a text that matches the question's pattern, and can write nothing else.</summary>
    [JsonStringEnumMemberName("regex")]
    Regex,
}

public static class QuestionKinds
{
    private static readonly Dictionary<QuestionKind, string> s_names = new()
    {
        [QuestionKind.Open] = "open",
        [QuestionKind.YesNo] = "yes-no",
        [QuestionKind.Choice] = "choice",
        [QuestionKind.MultiChoice] = "multi-choice",
        [QuestionKind.Number] = "number",
        [QuestionKind.Regex] = "regex",
    };

    private static readonly Dictionary<string, QuestionKind> s_kinds = s_names.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>Names of all kinds, in order.</summary>
    public static IEnumerable<string> Names => s_names.Values;

    /// <summary>The kind's name in specs and datasets, for example "yes-no".</summary>
    public static string NameOf(QuestionKind kind) => s_names[kind];

    /// <summary>The kind of a name, or null if there is none of that name.</summary>
    public static QuestionKind? Find(string name) => s_kinds.TryGetValue(name, out var kind) ? kind : null;

    /// <summary>Whether the question has a list of choices.</summary>
    public static bool HasChoices(this QuestionKind kind) => kind is QuestionKind.Choice or QuestionKind.MultiChoice;

    /// <summary>Whether the person may say how long the answer gets; a number's length is given.</summary>
    public static bool HasMaxTokens(this QuestionKind kind) => kind is QuestionKind.Open or QuestionKind.Regex;
}
