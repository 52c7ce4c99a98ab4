using System.Globalization;
using System.Text.Json;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;
using Pipeline.Model.Engine;
using Pipeline.Model.Quality;

namespace Pipeline.Worker.Shards;

/// <summary>What a job asks of every image, and how its answers become a row.</summary>
internal sealed class JobPrompts
{
    private readonly GeneratePrompt? _caption;
    private readonly QuestionPrompts[] _questions;

    public JobPrompts(JobSpec spec)
    {
        var sampling = new JobSampling(spec);
        _caption = spec.Caption is { } caption
            ? new GeneratePrompt(caption, sampling.Free(spec.MaxTokens)) { Gate = new QualityGate { MaxRetries = (spec.Quality ?? new QualitySpec()).MaxRetries } }
            : null;
        _questions = [.. spec.Questions.Select(question => new QuestionPrompts(question, sampling))];
        Prompts = [.. _caption is null ? Array.Empty<Prompt>() : [_caption], .. _questions.SelectMany(question => question.Prompts)];
    }

    /// <summary>The caption's prompt first, if there is one, then those of the questions: one each, or one a choice.</summary>
    public IReadOnlyList<Prompt> Prompts { get; }

    /// <summary>Of what one row alone is asked; null where all rows are asked the same.</summary>
    public string? PromptHash { get; init; }

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
            PerceptualHash = work.Look?.PerceptualHash.ToString("x16", CultureInfo.InvariantCulture),
            Duplicate = work.Planned.Duplicate,
            // What can't be decoded here can't be there: a training run would end on it.
            Image = work.Facts is null ? null : work.Embedded,
            Failure = work.Failure,
            FailureMessage = work.FailureMessage,
            PromptHash = PromptHash,
            CaptionPrompt = PromptHash is null ? null : _caption?.Text,
        };
        if (work.Failure is not null)
        {
            return row;
        }

        if (work.Reused is var (earlier, origin))
        {
            return row with { Zooms = earlier.Zooms, Caption = earlier.Caption, Labels = earlier.Labels, Origin = origin };
        }

        if (work.Answers.Count != Prompts.Count)
        {
            throw new InvalidOperationException($"The model gave {work.Answers.Count} answers to {Prompts.Count} prompts.");
        }

        try
        {
            return Annotated(row with { Zooms = ZoomsOf(work.Answers) }, new Queue<Answer>(work.Answers));
        }
        catch (FormatException e)
        {
            return row with { Failure = RowFailure.InferenceFailed, FailureMessage = e.Message };
        }
    }

    private AnnotationRow Annotated(AnnotationRow row, Queue<Answer> answers) => row with
    {
        Caption = _caption is null ? null : CaptionOf((GeneratedAnswer)answers.Dequeue()),
        Labels = [.. _questions.Select(question => question.LabelOf([.. question.Prompts.Select(_ => answers.Dequeue())]))],
    };

    /// <summary>Of an image they are the same for every prompt.</summary>
    private static IReadOnlyList<ZoomRegion> ZoomsOf(IReadOnlyList<Answer> answers) =>
        [.. answers[0].Zooms.Select(box => new ZoomRegion(box.Left, box.Top, box.Right, box.Bottom))];

    private static GeneratedText CaptionOf(GeneratedAnswer answer) =>
        new(answer.Text, QuestionPrompts.NameOf(answer.FinishReason), answer.TokenIds.Count, answer.MeanLogProbability)
        {
            Defect = answer.Defect is { } defect ? NameOf(defect) : null,
            PromptTokens = answer.PromptTokens,
            Rejected = [.. answer.Rejected.Select(rejected => new RejectedText(rejected.Text, NameOf(rejected.Defect)))],
            LogProbabilities = answer.LogProbabilities,
        };

    private static string NameOf(AnswerDefect defect) => JsonNamingPolicy.SnakeCaseLower.ConvertName(defect.ToString());
}
