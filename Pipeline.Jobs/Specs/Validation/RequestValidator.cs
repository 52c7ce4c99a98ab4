namespace Pipeline.Jobs.Specs.Validation;

/// <summary>A job asks for something, and for amounts that a worker can hold.</summary>
internal static class RequestValidator
{
    private const int MostTokens = 4_096;
    private const int MostImagesAShard = 100_000;

    public static IEnumerable<SpecFault> Validate(JobSpec spec)
    {
        if (spec.Caption is { } caption && string.IsNullOrWhiteSpace(caption))
        {
            yield return new("/caption", "The caption prompt is empty: write one, or leave it out for a job of questions only.");
        }

        if (spec.Caption is null && spec.Questions.Count == 0 && spec.Input?.QuestionsColumn is null)
        {
            yield return new("/questions", "The job asks nothing: give a caption prompt, or at least one question.");
        }

        if (MaxTokensFault(spec.MaxTokens, "/max_tokens") is { } fault)
        {
            yield return fault;
        }

        if (spec.ShardSize is < 1 or > MostImagesAShard)
        {
            yield return new("/shard_size", $"{spec.ShardSize} is out of range: use 1 to {MostImagesAShard:N0}.");
        }
    }

    /// <summary>What is wrong with most tokens of an answer, or null.</summary>
    public static SpecFault? MaxTokensFault(int maxTokens, string pointer) => maxTokens is < 1 or > MostTokens
        ? new(pointer, $"{maxTokens} is out of range: use 1 to {MostTokens:N0}.")
        : null;
}
