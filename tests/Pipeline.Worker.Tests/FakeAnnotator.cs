using System.Collections.Concurrent;
using System.Text;
using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Models;

namespace Pipeline.Worker.Tests;

/// <summary>A model whose images are texts that say what is to happen to them: "fine", "decode: Truncated", "infer: boom".</summary>
internal sealed class FakeAnnotator : IAnnotator
{
    private readonly ConcurrentDictionary<string, int> _asked = new();

    /// <summary>Called before an image is answered, with its text; "" is a blank image.</summary>
    public Func<string, CancellationToken, Task> BeforeAnswer { get; init; } = (_, _) => Task.CompletedTask;

    public ConcurrentQueue<string> Decoded { get; } = new();

    public ConcurrentQueue<string> Answered { get; } = new();

    public bool IsDisposed { get; private set; }

    public Task<ImageCrops> DecodeAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetString(encoded.Span);
        Decoded.Enqueue(text);
        if (encoded.IsEmpty)
        {
            throw new ImageException(ImageFault.Empty, "The file is empty.");
        }

        if (text.StartsWith("decode: ", StringComparison.Ordinal))
        {
            throw Enum.TryParse<ImageFault>(text[8..], out var fault)
                ? new ImageException(fault, $"It is {fault}.")
                : new InvalidOperationException($"{text[8..]}\nand a stack of the native library");
        }

        var size = (int)Math.Ceiling(Math.Sqrt(encoded.Length / 3.0));
        var pixels = new byte[size * size * 3];
        encoded.CopyTo(pixels);
        return Task.FromResult(new ImageCrops { Pixels = pixels, Count = 1, Size = size, Image = new ImageFacts(40, 30, "jpeg") });
    }

    public async Task<IReadOnlyList<Answer>> AnswerAsync(ImageCrops image, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetString(image.Pixels).Trim('\0');
        await BeforeAnswer(text, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var times = _asked.AddOrUpdate(text, 1, (_, count) => count + 1);
        if (text.StartsWith("infer: ", StringComparison.Ordinal) || (text.StartsWith("infer once: ", StringComparison.Ordinal) && times == 1))
        {
            throw new InvalidOperationException(text);
        }

        Answered.Enqueue(text);
        return [.. prompts.Select(prompt => Answer(text, prompt) with { Zooms = [new PixelBox(0, 0, 20, 15)] })];
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    private static Answer Answer(string text, Prompt prompt) => prompt switch
    {
        GeneratePrompt generate => new GeneratedAnswer($"{generate.Text} {text}", [1, 2, 3], FinishReason.Stop, -0.5, 10),
        ScorePrompt score => new ScoredAnswer(
            1, [.. score.Choices.Select((_, i) => (double)-i)], [.. score.Choices.Select((_, i) => i == 1 ? 0.75 : 0.25 / (score.Choices.Count - 1))], 10),
        _ => throw new ArgumentException("Of no kind.", nameof(prompt)),
    };
}
