namespace Pipeline.Jobs.Specs.Validation;

/// <summary>Choices stand where a question is answered with one or some of them, and can be told apart.</summary>
internal static class ChoicesValidator
{
    public static IEnumerable<SpecFault> Validate(Question question, string pointer)
    {
        pointer += "/choices";
        if (!question.Kind.HasChoices())
        {
            if (question.Choices.Count > 0)
            {
                yield return new(pointer, "Choices belong to questions of kind \"choice\" and \"multi-choice\": set such a \"kind\", or remove them.");
            }

            yield break;
        }

        if (question.Choices.Count < 2)
        {
            yield return new(
                pointer, $"A question of kind \"{QuestionKinds.NameOf(question.Kind)}\" has {question.Choices.Count} choices: give at least two.");
        }

        for (var index = 0; index < question.Choices.Count; index++)
        {
            var choice = question.Choices[index];
            if (string.IsNullOrWhiteSpace(choice))
            {
                yield return new($"{pointer}/{index}", "The choice is empty: write an answer.");
            }
            else if (question.Choices.Take(index).Contains(choice, StringComparer.Ordinal))
            {
                yield return new($"{pointer}/{index}", $"\"{choice}\" is given twice: give every choice once.");
            }
            else if (question.Kind is QuestionKind.MultiChoice && choice.Contains(';', StringComparison.Ordinal))
            {
                yield return new($"{pointer}/{index}", $"\"{choice}\" holds a ';', which stands between choices in the answer: write it without.");
            }
        }
    }
}
