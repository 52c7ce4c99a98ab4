using Pipeline.Jobs.Rows;

namespace Pipeline.Jobs.Statistics;

/// <summary>Counts the answers to one question.</summary>
internal sealed class LabelCounts(string id, string question, string kind)
{
    private readonly CountTable answers = new();
    private long count;
    private NumberSummary values, confidence, characters;

    public void Add(Label label)
    {
        count++;
        values = label.Value is { } value ? values.With(value) : values;
        confidence = label.Confidence is { } probability ? confidence.With(probability) : confidence;
        if (label.Choices.Count == 0)
        {
            characters = characters.With(label.Answer.Length);
        }
        else if (kind == "multi-choice")
        {
            // Choices may hold the text that joins them: which apply is told by their probability, as it was for the answer.
            foreach (var choice in label.Choices.Where(choice => choice.Probability >= 0.5))
            {
                answers.Add(choice.Choice);
            }
        }
        else
        {
            answers.Add(label.Answer);
        }
    }

    public void Add(LabelStatistics part)
    {
        count += part.Count;
        answers.Add(part.Answers);
        values = values.With(part.Values);
        confidence = confidence.With(part.Confidence);
        characters = characters.With(part.Characters);
    }

    public LabelStatistics Build() => new()
    {
        QuestionId = id,
        Question = question,
        Kind = kind,
        Count = count,
        Answers = answers.ToSorted(),
        Values = values,
        Confidence = confidence,
        Characters = characters,
    };
}
