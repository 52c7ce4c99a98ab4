using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Tests.Specs;

internal static class SpecSamples
{
    /// <summary>A well-formed spec; its places need not exist.</summary>
    public static JobSpec Spec(string output = "/data/out") => new()
    {
        Source = "/data/in",
        Output = output,
        Model = "/models/tiny",
        Caption = "Describe the image.",
        Questions = [new Question { Id = "person", Text = "Is there a person?", Kind = QuestionKind.YesNo }],
    };

    /// <summary>One that says all that can be said.</summary>
    public static JobSpec WithEverything() => Spec() with
    {
        Questions =
        [
            .. Spec().Questions,
            new Question { Id = "pets", Text = "Which pets?", Kind = QuestionKind.MultiChoice, Choices = ["cat", "dog"] },
            new Question { Id = "count", Text = "How many?", Kind = QuestionKind.Number },
            new Question { Id = "plate", Text = "Which plate?", Kind = QuestionKind.Regex, Pattern = "[A-Z]{2}-[0-9]{1,4}", MaxTokens = 12 },
        ],
        Sampling = new SamplingSpec
        {
            Temperature = 0.7,
            TopP = 0.9,
            TopK = 50,
            MinP = 0.05,
            RepetitionPenalty = 1.1,
            Seed = 42,
            Stop = ["###"],
            LogProbs = true,
        },
        Quality = new QualitySpec { MaxRetries = 1 },
        Filters = new FilterSpec { MinWidth = 64, MinHeight = 48, MaxAspect = 4.5, MinContrast = 2 },
        Duplicates = new DuplicateSpec { Find = DuplicateKind.Near, Action = DuplicateAction.Skip, MaxBits = 3 },
    };
}
