namespace Pipeline.Model.Scheduling;

/// <summary>A prompt whose answer is one of several.</summary>
/// <param name="prompt">Ids from BOS on.</param>
/// <param name="choices">Ids of each choice, the end of turn included.</param>
internal sealed class ScoreTask(IReadOnlyList<int> prompt, IReadOnlyList<IReadOnlyList<int>> choices) : PromptTask(prompt)
{
    public IReadOnlyList<IReadOnlyList<int>> Choices => choices;

    /// <summary>The last token of a choice is only looked up behind the one before it.</summary>
    public override int PrefillTokens { get; } = TokensOf(prompt, choices);

    /// <inheritdoc cref="PrefillTokens"/>
    public static int TokensOf(IReadOnlyList<int> prompt, IReadOnlyList<IReadOnlyList<int>> choices) =>
        prompt.Count + choices.Sum(choice => choice.Count - 1);
}
