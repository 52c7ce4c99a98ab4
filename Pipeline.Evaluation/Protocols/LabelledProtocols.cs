using Pipeline.Evaluation.Metrics;

namespace Pipeline.Evaluation.Protocols;

/// <summary>Somebody's own labels: the answer is one of the labels, in any case and punctuation.</summary>
internal static class LabelledProtocols
{
    public static Protocol Strict { get; } = new()
    {
        Name = "strict",
        Prompt = Prompts.Plain,
        Judge = (item, answer) =>
        {
            string said = Normal(answer);
            string? label = item.Choices.FirstOrDefault(choice => Normal(choice) == said);
            return Judgement.Of(item.Choices.Count == 0 && said.Length > 0 ? said : label, said == Normal(item.Answer));
        },
    };

    private static string Normal(string text) => string.Join(' ', Words.Of(text));
}
