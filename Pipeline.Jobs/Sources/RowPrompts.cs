using System.Text.Json;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Sources;

/// <summary>What a job asks of one image.</summary>
public static class RowPrompts
{
    /// <summary>The job's spec with the row's values in its prompts and the row's own questions behind; the spec itself where all rows are asked the same.</summary>
    public static JobSpec Resolve(JobSpec spec, PlannedImage image)
    {
        // Of a source with columns {{ is a brace, also where no column is named.
        var isTemplate = spec.FormatOf() is not SourceFormat.Images && HasBraces(spec);
        if (image.Fault is not null || (!isTemplate && image.Questions is null))
        {
            return spec;
        }

        var columns = image.Columns is { } json
            ? JsonSerializer.Deserialize(json, JobSpecJsonContext.Default.IReadOnlyDictionaryStringString)!
            : new Dictionary<string, string>();
        string Fill(string text) => isTemplate ? PromptTemplate.Fill(text, columns) : text;
        return spec with
        {
            Caption = spec.Caption is { } caption ? Fill(caption) : null,
            Questions =
            [
                .. spec.Questions.Select(question => question with { Text = Fill(question.Text) }),
                .. image.Questions is { } questions ? RowQuestions.Parse(questions) : [],
            ],
        };
    }

    private static bool HasBraces(JobSpec spec) =>
        (spec.Caption?.AsSpan().ContainsAny('{', '}') ?? false) || spec.Questions.Any(question => question.Text.AsSpan().ContainsAny('{', '}'));
}
