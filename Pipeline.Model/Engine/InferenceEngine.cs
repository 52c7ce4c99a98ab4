using Pipeline.Model.Imaging;

namespace Pipeline.Model.Engine;

/// <summary>Runs a Dragonfly checkpoint: one thread that owns all tensors, fed through a channel.</summary>
/// <remarks>Thread-safe: any number of callers may wait for answers at once.</remarks>
public sealed class InferenceEngine : IAsyncDisposable
{
    /// <summary>Loads a checkpoint folder in Hugging Face layout.</summary>
    /// <exception cref="ModelLoadException">The folder is not a whole Dragonfly checkpoint; the message lists every fault.</exception>
    public static Task<InferenceEngine> LoadAsync(string folder, EngineOptions options, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Cuts images the way this model wants them; thread-safe, runs on the caller's thread.</summary>
    public ImageProcessor ImageProcessor => throw new NotSupportedException();

    /// <summary>Answers all prompts of one image, in order.</summary>
    /// <exception cref="PromptTooLongException">A prompt and its answer do not fit the model's context.</exception>
    public Task<IReadOnlyList<Answer>> RunAsync(ImageRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
