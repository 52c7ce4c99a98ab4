namespace Pipeline.Jobs.Specs.Validation;

/// <summary>Questions make labels: their ids are unique column values, and each has what its kind needs and nothing else.</summary>
internal static class QuestionsValidator
{
    private const int LongestId = 64;

    public static IEnumerable<SpecFault> Validate(JobSpec spec)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < spec.Questions.Count; index++)
        {
            var question = spec.Questions[index];
            var pointer = $"/questions/{index}";
            foreach (var fault in ValidateId(question.Id, pointer, index, seen)
                .Concat(ValidateText(question.Text, pointer))
                .Concat(ChoicesValidator.Validate(question, pointer))
                .Concat(ShapeValidator.Validate(question, spec.MaxTokens, pointer)))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<SpecFault> ValidateId(string id, string pointer, int index, Dictionary<string, int> seen)
    {
        pointer += "/id";
        if (id.Length == 0)
        {
            yield return new(pointer, "The id is empty: give 1 to 64 letters, digits, '.', '_' or '-'.");
        }
        else if (id.Length > LongestId)
        {
            yield return new(pointer, $"\"{id[..20]}…\" has {id.Length} characters: use at most {LongestId}.");
        }
        else if (!id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            yield return new(pointer, $"\"{id}\" holds other characters than ASCII letters, digits, '.', '_' and '-': use only these.");
        }
        else if (!seen.TryAdd(id, index))
        {
            yield return new(pointer, $"\"{id}\" is the id of question {seen[id]} too: give every question its own.");
        }
    }

    private static IEnumerable<SpecFault> ValidateText(string text, string pointer)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            yield return new($"{pointer}/text", "The text is empty: write what to ask of every image.");
        }
    }
}
