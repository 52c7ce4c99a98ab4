using Pipeline.Jobs.Sources;

namespace Pipeline.Jobs.Specs.Validation;

/// <summary>The columns that a job speaks of are in its table.</summary>
internal static class ColumnsValidator
{
    public static IEnumerable<SpecFault> Validate(JobSpec spec, RowNames names, SourceRow row)
    {
        var there = $"the columns of '{row.File}' are {string.Join(", ", row.Columns.Keys.Select(column => $"'{column}'"))}";
        if (row.Part is null && names.FindImage(row.Columns.Keys) is null)
        {
            yield return new("/input/image_column", $"There is no column {names.ImageNames} that says where the images are: name one; {there}.");
        }

        if (spec.Input?.IdColumn is { } id && !row.Columns.ContainsKey(id))
        {
            yield return new("/input/id_column", $"There is no column '{id}': {there}.");
        }

        if (spec.Input?.QuestionsColumn is { } questions && !row.Columns.ContainsKey(questions))
        {
            yield return new("/input/questions_column", $"There is no column '{questions}': {there}.");
        }

        foreach (var column in names.Prompted.Where(column => !row.Columns.ContainsKey(column)))
        {
            yield return new(PointerOf(spec, column), $"The prompt asks with '{{{column}}}', and there is no such column: {there}. Braces themselves are written {{{{ and }}}}.");
        }
    }

    private static string PointerOf(JobSpec spec, string column)
    {
        bool Names(string? text) => text is not null && PromptTemplate.TryParse(text, out var template, out _) && template!.Columns.Contains(column);
        return Names(spec.Caption) ? "/caption" : $"/questions/{spec.Questions.ToList().FindIndex(question => Names(question.Text))}/text";
    }
}
