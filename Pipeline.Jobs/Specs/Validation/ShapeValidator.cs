using Pipeline.Model.Constraints.Patterns;

namespace Pipeline.Jobs.Specs.Validation;

/// <summary>Answers that the model writes are of a length, and those of kind "regex" of a shape, that can be reached.</summary>
internal static class ShapeValidator
{
    public static IEnumerable<SpecFault> Validate(Question question, int maxTokens, string pointer)
    {
        var lengthFault = question.MaxTokens is { } own ? ValidateMaxTokens(question.Kind, own, $"{pointer}/max_tokens") : null;
        if (lengthFault is not null)
        {
            yield return lengthFault;
        }

        // A length that is wrong itself says nothing of the pattern.
        var most = lengthFault is null ? question.MaxTokens ?? maxTokens : int.MaxValue;
        if (ValidatePattern(question, Math.Max(1, most), $"{pointer}/pattern") is { } patternFault)
        {
            yield return patternFault;
        }
    }

    private static SpecFault? ValidateMaxTokens(QuestionKind kind, int maxTokens, string pointer) => kind.HasMaxTokens()
        ? RequestValidator.MaxTokensFault(maxTokens, pointer)
        : new(pointer, $"A question of kind \"{QuestionKinds.NameOf(kind)}\" has an answer of known length: remove max_tokens.");

    private static SpecFault? ValidatePattern(Question question, int maxTokens, string pointer)
    {
        if (question.Kind is not QuestionKind.Regex)
        {
            return question.Pattern is null ? null : new(pointer, "A pattern belongs to questions of kind \"regex\": set \"kind\": \"regex\", or remove it.");
        }

        return string.IsNullOrEmpty(question.Pattern)
            ? new(pointer, "A question of kind \"regex\" has no pattern: give the regular expression that the whole answer matches, for example \"[A-Z]{2}-[0-9]+\".")
            : Pattern.Fault(question.Pattern, maxTokens) is { } fault ? new(pointer, fault) : null;
    }
}
