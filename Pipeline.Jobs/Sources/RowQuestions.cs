using System.Text.Json;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Specs.Validation;

namespace Pipeline.Jobs.Sources;

/// <summary>Questions of one row: a text, or a JSON list of texts and of questions as a spec has them.</summary>
internal static class RowQuestions
{
    /// <summary>The questions as canonical JSON, null for none; or what is wrong with them, and the mend.</summary>
    public static (string? Json, string? Fault) Read(JobSpec spec, string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Trim() == "[]")
        {
            return spec.Caption is null && spec.Questions.Count == 0 ? (null, "neither the job nor the row asks anything: fill it.") : (null, null);
        }

        List<SpecFault> faults = [];
        List<Question> questions;
        try
        {
            questions = text.TrimStart().StartsWith('[') ? ReadList(text, faults) : [new Question { Id = IdOf(0), Text = text.Trim() }];
        }
        catch (JsonException e)
        {
            return (null, $"it begins like a JSON list and is none ({e.Message.TrimEnd('.')}).");
        }

        faults.AddRange(QuestionsValidator.Validate(spec with { Questions = [.. spec.Questions, .. questions] })
            .Where(fault => int.Parse(fault.Pointer.Split('/')[2]) >= spec.Questions.Count));
        return faults is [var first, ..]
            ? (null, first.Detail)
            : (JsonSerializer.Serialize(questions, JobSpecJsonContext.Default.IReadOnlyListQuestion), null);
    }

    /// <summary>What <see cref="Read"/> wrote.</summary>
    public static IReadOnlyList<Question> Parse(string json) => JsonSerializer.Deserialize(json, JobSpecJsonContext.Default.IReadOnlyListQuestion)!;

    private static List<Question> ReadList(string text, List<SpecFault> faults)
    {
        using var document = JsonDocument.Parse(text);
        return [.. document.RootElement.EnumerateArray().Select((item, index) => item.ValueKind is JsonValueKind.String
            ? new Question { Id = IdOf(index), Text = item.GetString()! }
            : QuestionReader.Read(item, $"/{index}", faults))];
    }

    private static string IdOf(int index) => $"row{index + 1}";
}
