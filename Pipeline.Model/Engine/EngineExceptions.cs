namespace Pipeline.Model.Engine;

/// <summary>A checkpoint folder can't be loaded. <see cref="Faults"/> lists everything wrong with it.</summary>
public sealed class ModelLoadException(string folder, IReadOnlyList<string> faults)
    : Exception($"'{folder}' can't be loaded as a Dragonfly model: {string.Join("; ", faults)}")
{
    public IReadOnlyList<string> Faults { get; } = faults;
}

/// <summary>A prompt and its answer need more positions than the model has.</summary>
public sealed class PromptTooLongException(int needed, int limit)
    : Exception($"The prompt needs {needed} positions with its image and answer, and the limit is {limit}. Shorten the prompt or lower max_tokens.")
{
    public int Needed { get; } = needed;

    public int Limit { get; } = limit;
}
