using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Decoding;

namespace Pipeline.Worker.Models;

/// <summary>A Dragonfly checkpoint on the inference engine of this process.</summary>
internal sealed class EngineAnnotator : IAnnotator
{
    private readonly InferenceEngine _engine;
    private readonly DecoderPool _decoders;

    private EngineAnnotator(InferenceEngine engine, DecoderPool decoders) => (_engine, _decoders) = (engine, decoders);

    /// <param name="folder">Checkpoint.</param>
    /// <param name="limits">Of the engine.</param>
    /// <param name="decoders">Decodes images; outlives this.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <exception cref="ModelLoadException">The folder is no whole Dragonfly checkpoint, or the limits don't fit it.</exception>
    public static async Task<EngineAnnotator> LoadAsync(string folder, EngineOptions limits, DecoderPool decoders, CancellationToken cancellationToken) =>
        new(await InferenceEngine.LoadAsync(folder, limits, cancellationToken), decoders);

    public string Numerics => _engine.Numerics;

    public int MaxNumSeqs => _engine.MaxNumSeqs;

    public string Device => _engine.Device;

    public Task<ImageCrops> DecodeAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken) =>
        _decoders.DecodeAsync(encoded, _engine.ImageProcessor.Process, cancellationToken);

    public Task<IReadOnlyList<Answer>> AnswerAsync(ImageCrops image, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken) =>
        _engine.RunAsync(new ImageRequest(image, prompts), cancellationToken);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
