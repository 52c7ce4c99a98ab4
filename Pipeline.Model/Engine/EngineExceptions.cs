namespace Pipeline.Model.Engine;

/// <summary>A checkpoint folder can't be loaded. <see cref="Faults"/> lists everything wrong with it, or with the limits asked for.</summary>
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

/// <summary>The network failed on a request that was alone in its step; other requests are not touched.</summary>
public sealed class InferenceException(InferenceStage stage, Exception cause)
    : Exception(OutOfMemory.Is(cause) ? $"Memory ran out in the model's {Name(stage)} step: {OutOfMemory.Advice}. {cause.Message}" : $"The model failed in its {Name(stage)} step: {cause.Message}", cause)
{
    /// <summary>Where it failed.</summary>
    public InferenceStage Stage { get; } = stage;

    private static string Name(InferenceStage stage) => stage switch
    {
        InferenceStage.Vision => "vision",
        InferenceStage.ImagePrefill => "image prefill",
        InferenceStage.TextPrefill => "text prefill",
        InferenceStage.Decode => "decode",
        _ => "scheduling",
    };
}
