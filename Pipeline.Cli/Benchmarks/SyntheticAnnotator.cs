using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Models;

namespace Pipeline.Cli.Benchmarks;

/// <summary>A model that only takes time: what is left of a worker's cost is the pipeline's own.</summary>
/// <param name="latency">Of an answer.</param>
/// <param name="slots">Images answered at a time: at most this many ÷ <paramref name="latency"/> a second.</param>
internal sealed class SyntheticAnnotator(TimeSpan latency, int slots) : IAnnotator
{
    private static readonly ImageCrops s_crops = new() { Pixels = new byte[32 * 32 * 3], Count = 1, Size = 32, Image = new ImageFacts(640, 480, "jpeg") };

    private readonly SemaphoreSlim _slots = new(slots);

    public Task<ImageCrops> DecodeAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken) => Task.FromResult(s_crops);

    public async Task<IReadOnlyList<Answer>> AnswerAsync(ImageCrops image, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            await Task.Delay(latency, cancellationToken);
            return [.. prompts.Select(Answer)];
        }
        finally
        {
            _slots.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        _slots.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Answer Answer(Prompt prompt) => prompt switch
    {
        ScorePrompt score => new ScoredAnswer(0, [.. score.Choices.Select((_, i) => (double)-i)], [.. score.Choices.Select((_, i) => i == 0 ? 1.0 : 0)], 100),
        _ => new GeneratedAnswer("A text of the length that captions usually have: two dozen words, more or less, that nobody will ever read.", [.. new int[24]], FinishReason.Stop, -0.5, 100),
    };
}
