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
}
