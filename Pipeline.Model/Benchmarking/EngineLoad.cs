using System.Collections.Concurrent;
using System.Diagnostics;
using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;

namespace Pipeline.Model.Benchmarking;

/// <summary>Keeps an engine as busy as a worker does: images are decoded on the thread pool, as many at a time as there are cores, and wait at the engine.</summary>
/// <param name="engine">Under load.</param>
/// <param name="maxNumSeqs">Answers it generates at a time.</param>
internal sealed class EngineLoad(InferenceEngine engine, int maxNumSeqs)
{
    public InferenceEngine Engine => engine;

    /// <summary>Answers all prompts for all images.</summary>
    /// <returns>How long it took, and what the answers were like.</returns>
    public async Task<LoadResult> RunAsync(Workload workload, IReadOnlyList<byte[]> images, CancellationToken cancellationToken)
    {
        using SemaphoreSlim decoders = new(Environment.ProcessorCount);
        ConcurrentBag<(TimeSpan Preprocessing, IReadOnlyList<TextLength> Texts)> done = [];
        long start = Stopwatch.GetTimestamp();
        ParallelOptions options = new() { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(images, options, async (image, token) =>
        {
            var (crops, preprocessing) = await DecodeAsync(decoders, image, token);
            IReadOnlyList<Answer> answers = await engine.RunAsync(new ImageRequest(crops, workload.Prompts), token);
            done.Add((preprocessing, LengthsOf(workload, answers)));
        });
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return new LoadResult(elapsed, new TimeSpan(done.Sum(image => image.Preprocessing.Ticks)), [.. done.Select(image => image.Texts)]);
    }

    /// <summary>Enough that answers to different images could fill a batch, while the next images are decoded.</summary>
    private int InFlight => maxNumSeqs + Environment.ProcessorCount;

    private async Task<(ImageCrops Crops, TimeSpan Time)> DecodeAsync(SemaphoreSlim decoders, byte[] image, CancellationToken cancellationToken)
    {
        await decoders.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(
                () =>
                {
                    long start = Stopwatch.GetTimestamp();
                    ImageCrops crops = engine.ImageProcessor.Process(image);
                    return (crops, Stopwatch.GetElapsedTime(start));
                },
                cancellationToken);
        }
        finally
        {
            decoders.Release();
        }
    }

    private IReadOnlyList<TextLength> LengthsOf(Workload workload, IReadOnlyList<Answer> answers) =>
        [.. workload.Prompts.Zip(answers.Cast<GeneratedAnswer>(), (prompt, answer) => answer.TokenIds.Count == prompt.Sampling.MaxTokens
            ? new TextLength(answer.PromptTokens - engine.Config.ImagePositions, answer.TokenIds.Count)
            : throw new InvalidOperationException(
                $"The engine wrote {answer.TokenIds.Count} tokens where exactly {prompt.Sampling.MaxTokens} were asked for: the figures would not compare."))];
}

/// <summary>What a run under load was like.</summary>
/// <param name="Elapsed">From the first image's bytes to the last answer.</param>
/// <param name="Preprocessing">Decoding and cutting, all threads together.</param>
/// <param name="Texts">Of each image, the lengths of prompts and answers.</param>
internal sealed record LoadResult(TimeSpan Elapsed, TimeSpan Preprocessing, IReadOnlyList<IReadOnlyList<TextLength>> Texts);
