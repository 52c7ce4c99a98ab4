using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Models;

namespace Pipeline.Cli.Benchmarks;

/// <summary>The real engine, held to a pace: a worker is as fast as its plan says, and not as what else runs on the machine leaves it.</summary>
/// <param name="inner">Answers meanwhile.</param>
/// <param name="latency">Of an answer about an image of usual size; larger ones take up to twice as long, and small ones less.</param>
/// <param name="slots">Images answered at a time.</param>
internal sealed class PacedAnnotator(IAnnotator inner, TimeSpan latency, int slots) : IAnnotator
{
    private const double UsualSide = 400, Least = 0.4, Most = 2;

    private readonly SemaphoreSlim _slots = new(slots);

    public string Numerics => inner.Numerics;

    public Task<ImageCrops> DecodeAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken) => inner.DecodeAsync(encoded, cancellationToken);

    public async Task<IReadOnlyList<Answer>> AnswerAsync(ImageCrops image, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            var side = Math.Sqrt((double)image.Image.Width * image.Image.Height);
            var held = Task.Delay(latency * Math.Clamp(side / UsualSide, Least, Most), cancellationToken);
            var answers = await inner.AnswerAsync(image, prompts, cancellationToken);
            await held;
            return answers;
        }
        finally
        {
            _slots.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        _slots.Dispose();
    }
}
