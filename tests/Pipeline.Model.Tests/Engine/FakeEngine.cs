using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Model.Sampling;

namespace Pipeline.Model.Tests.Engine;

/// <summary>The whole engine on a <see cref="FakeRunner"/>: real tokenizer, scheduler, channel and thread.</summary>
internal sealed class FakeEngine : IAsyncDisposable
{
    public static readonly GeneratePrompt Caption = new("Describe this image.", new SamplingParams { MaxTokens = 12 });

    public FakeEngine(EngineOptions? options = null, TimeProvider? time = null, AnswerPolicy? policy = null) =>
        Engine = InferenceEngine.Load(TinyCheckpoint.Shipped, options ?? new EngineOptions(), Runner.Create, time ?? TimeProvider.System, policy);

    public FakeRunner Runner { get; } = new();

    public InferenceEngine Engine { get; }

    /// <summary>Blank but for its first pixel.</summary>
    public ImageCrops Image(byte first)
    {
        byte[] pixels = new byte[Engine.Config.Crops * Engine.Config.Vision.ImageSize * Engine.Config.Vision.ImageSize * 3];
        pixels[0] = first;
        return new ImageCrops { Pixels = pixels, Count = Engine.Config.Crops, Size = Engine.Config.Vision.ImageSize, Image = new ImageFacts(1, 1, "png") };
    }

    public Task<IReadOnlyList<Answer>> RunAsync(byte image, params Prompt[] prompts) => RunAsync(image, TestContext.Current.CancellationToken, prompts);

    public Task<IReadOnlyList<Answer>> RunAsync(byte image, CancellationToken cancellationToken, params Prompt[] prompts) =>
        Engine.RunAsync(new ImageRequest(Image(image), prompts.Length == 0 ? [Caption] : prompts), cancellationToken);

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}
