using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;

namespace Pipeline.Worker.Models;

/// <summary>A Dragonfly checkpoint on the inference engine of this process.</summary>
internal sealed class EngineAnnotator : IAnnotator
{
    private readonly InferenceEngine _engine;
    private readonly ImageProcessor _processor;

    /// <summary>Shared by all shards: decoded images are big, and more threads than cores decode none faster.</summary>
    private readonly SemaphoreSlim _decoders;

    private EngineAnnotator(InferenceEngine engine, int decodeThreads)
    {
        _engine = engine;
        _processor = engine.ImageProcessor;
        _decoders = new SemaphoreSlim(decodeThreads);
    }

    /// <param name="folder">Checkpoint.</param>
    /// <param name="limits">Of the engine.</param>
    /// <param name="decodeThreads">Images decoded at a time.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <exception cref="ModelLoadException">The folder is no whole Dragonfly checkpoint, or the limits don't fit it.</exception>
    public static async Task<EngineAnnotator> LoadAsync(string folder, EngineOptions limits, int decodeThreads, CancellationToken cancellationToken) =>
        new(await InferenceEngine.LoadAsync(folder, limits, cancellationToken), decodeThreads);

    public async Task<ImageCrops> DecodeAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken)
    {
        await _decoders.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => _processor.Process(encoded), cancellationToken);
        }
        finally
        {
            _decoders.Release();
        }
    }

    public Task<IReadOnlyList<Answer>> AnswerAsync(ImageCrops image, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken) =>
        _engine.RunAsync(new ImageRequest(image, prompts), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _decoders.Dispose();
    }
}
