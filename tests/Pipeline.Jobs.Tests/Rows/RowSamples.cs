using Pipeline.Jobs.Duplicates;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Tests.Rows;

internal static class RowSamples
{
    public static RowProvenance Provenance { get; } = new()
    {
        JobId = "job-0123456789abcdef",
        Model = "/models/dragonfly-tiny",
        ModelRevision = new string('a', 64),
        CaptionPrompt = "Describe it.",
        Seed = 7,
        PromptHash = new string('b', 64),
        ParametersHash = new string('c', 64),
        CodeVersion = "0.1.0",
        Attempt = 2,
        CreatedAt = new DateTimeOffset(2026, 11, 22, 10, 30, 0, 123, 456, TimeSpan.Zero),
    };

    /// <summary>Of the labels of <see cref="Annotated"/>.</summary>
    public static IReadOnlyList<Question> Questions { get; } =
    [
        new Question { Id = "indoor", Text = "Is this indoors?", Kind = QuestionKind.YesNo },
        new Question { Id = "what", Text = "What is it?" },
        new Question { Id = "pets", Text = "Which pets?", Kind = QuestionKind.MultiChoice, Choices = ["cat", "dog", "bird"] },
        new Question { Id = "count", Text = "How many?", Kind = QuestionKind.Number },
    ];

    public static AnnotationRow Annotated(string id, string caption) => new()
    {
        Id = id,
        SourceUri = "file:///images/" + id,
        SourceETag = "1a-2b",
        Sha256 = new string('d', 64),
        Width = 640,
        Height = 480,
        Format = "jpeg",
        Bytes = 123_456_789_012,
        PerceptualHash = "0123456789abcdef",
        Duplicate = new Duplicate("earlier.jpg", DuplicateKind.Near),
        Zooms = [new ZoomRegion(0, 0, 107, 120), new ZoomRegion(533, 360, 640, 480)],
        Caption = new GeneratedText(caption, "stop", 12, -0.25)
        {
            PromptTokens = 1_512,
            Defect = "refusal",
            Rejected = [new RejectedText("a a a a", "loop"), new RejectedText("", "empty")],
            LogProbabilities = [-0.5, 0, -0.25],
        },
        Labels =
        [
            new Label
            {
                QuestionId = "indoor",
                Question = "Is this indoors?",
                Kind = "yes-no",
                Answer = "no",
                Confidence = 0.75,
                Choices = [new ScoredChoice("yes", 0.25), new ScoredChoice("no", 0.75)],
            },
            new Label { QuestionId = "what", Question = "What is it?", Kind = "open", Answer = "", FinishReason = "length", Tokens = 5, MeanLogProbability = -1.5 },
            new Label
            {
                QuestionId = "pets",
                Question = "Which pets?",
                Kind = "multi-choice",
                Answer = "cat; dog",
                Confidence = 0.5,
                Choices = [new ScoredChoice("cat", 0.5), new ScoredChoice("dog", 1), new ScoredChoice("bird", 0)],
            },
            new Label
            {
                QuestionId = "count",
                Question = "How many?",
                Kind = "number",
                Answer = "-12.5",
                Value = -12.5,
                FinishReason = "stop",
                Tokens = 3,
                MeanLogProbability = -0.75,
                LogProbabilities = [-1, -0.5, -0.75],
            },
        ],
    };

    public static AnnotationRow Failed(string id, RowFailure failure) => new()
    {
        Id = id,
        SourceUri = "file:///images/" + id,
        SourceETag = "",
        Failure = failure,
        FailureMessage = $"'{id}' could not be read.",
    };
}
