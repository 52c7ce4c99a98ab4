using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Models;

namespace Pipeline.Worker.Tests;

/// <summary>Decodes images as workers do, and answers without a model; images of the widths that a test names fail at it.</summary>
internal sealed class DecodingAnnotator(params int[] failing) : IAnnotator
{
    private static readonly ImageProcessor s_processor = new(DragonflyVersion.V2, cropSize: 32);

    public Task<ImageCrops> DecodeAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken) =>
        TestDecoders.Shared.DecodeAsync(encoded, s_processor.Process, cancellationToken);

    public Task<IReadOnlyList<Answer>> AnswerAsync(ImageCrops image, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken) =>
        failing.Contains(image.Image.Width) && image.Pixels.Any(value => value != 0)
            ? throw new InvalidOperationException("It fails on this image.")
            : Task.FromResult<IReadOnlyList<Answer>>([.. prompts.Select(_ => new GeneratedAnswer("a picture", [1, 2], FinishReason.Stop, -0.5, 10))]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
