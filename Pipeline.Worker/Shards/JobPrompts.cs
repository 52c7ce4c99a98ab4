using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;
using Pipeline.Model.Engine;
using Pipeline.Model.Sampling;

namespace Pipeline.Worker.Shards;

/// <summary>What a job asks of every image, and how its answers become a row.</summary>
internal sealed class JobPrompts(JobSpec spec)
{
    private static readonly string[] s_yesNo = ["yes", "no"];

    /// <summary>The caption's prompt first, if there is one, then one a question.</summary>
    public IReadOnlyList<Prompt> Prompts { get; } =
    [
        .. spec.Caption is { } caption ? [new GeneratePrompt(caption, new SamplingParams { MaxTokens = spec.MaxTokens })] : Array.Empty<Prompt>(),
        .. spec.Questions.Select(question => PromptOf(question, spec.MaxTokens)),
    ];

    /// <summary>The one row of an image, annotated or failed.</summary>
    public AnnotationRow RowOf(ImageWork work)
    {
        var row = new AnnotationRow
        {
            Id = work.Planned.Key,
            SourceUri = work.Planned.Uri,
            SourceETag = work.Planned.ETag,
            Sha256 = work.Sha256,
            Bytes = work.Bytes,
            Width = work.Facts?.Width,
            Height = work.Facts?.Height,
            Format = work.Facts?.Format,
            Failure = work.Failure,
            FailureMessage = work.FailureMessage,
        };
        if (work.Failure is not null)
        {
            return row;
        }

        if (work.Answers.Count != Prompts.Count)
        {
            throw new InvalidOperationException($"The model gave {work.Answers.Count} answers to {Prompts.Count} prompts.");
        }

        var captions = spec.Caption is null ? 0 : 1;
        return row with
        {
            Caption = captions == 0 ? null : CaptionOf((GeneratedAnswer)work.Answers[0]),
            Labels = [.. spec.Questions.Zip(work.Answers.Skip(captions), LabelOf)],
        };
    }

    private static Prompt PromptOf(Question question, int maxTokens) =>
        question.Kind is QuestionKind.Open
            ? new GeneratePrompt(question.Text, new SamplingParams { MaxTokens = maxTokens })
            : new ScorePrompt(question.Text, ChoicesOf(question));

    private static IReadOnlyList<string> ChoicesOf(Question question) =>
        question.Kind is QuestionKind.YesNo ? s_yesNo : question.Choices;

    private static GeneratedText CaptionOf(GeneratedAnswer answer) =>
        new(answer.Text, NameOf(answer.FinishReason), answer.TokenIds.Count, answer.MeanLogProbability);

    private static Label LabelOf(Question question, Answer answer)
    {
        var label = new Label
        {
            QuestionId = question.Id,
            Question = question.Text,
            Kind = NameOf(question.Kind),
            Answer = (answer as GeneratedAnswer)?.Text ?? ChoicesOf(question)[((ScoredAnswer)answer).Best],
        };
        return answer switch
        {
            GeneratedAnswer generated => label with { FinishReason = NameOf(generated.FinishReason), Tokens = generated.TokenIds.Count },
            ScoredAnswer scored => label with
            {
                Confidence = scored.Probabilities[scored.Best],
                Choices = [.. ChoicesOf(question).Zip(scored.Probabilities, (choice, probability) => new ScoredChoice(choice, probability))],
            },
            _ => throw new InvalidOperationException($"A {answer.GetType().Name} is neither generated nor scored."),
        };
    }

    private static string NameOf(FinishReason reason) => reason is FinishReason.Stop ? "stop" : "length";

    private static string NameOf(QuestionKind kind) => kind switch
    {
        QuestionKind.YesNo => "yes-no",
        QuestionKind.Choice => "choice",
        _ => "open",
    };
}
