using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Model.Sampling;
using Pipeline.Model.Tests.Execution;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Engine;

/// <summary>Alone in the process, whose tensors and memory it counts.</summary>
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
[Collection(nameof(LeakTests))]
public sealed class LeakTests
{
    private const int WarmUp = 2_000, Requests = 10_000, Together = 48;

    /// <summary>A tensor of the smallest kind that is kept a request would be 10,000 of them, and a kilobyte a request 10 MB.</summary>
    private const long MostGrowth = 10_000_000;

    private static readonly Prompt[] s_prompts =
    [
        new GeneratePrompt("What is it?", new SamplingParams { MaxTokens = 4, IgnoreEos = true }),
        new ScorePrompt("Is it?", ["yes", "no"]),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_requests_leave_no_tensor_and_no_memory_behind()
    {
        using var checkpoint = new SmallCheckpoint(version: 1);
        await using InferenceEngine engine = await InferenceEngine.LoadAsync(checkpoint.Folder, new EngineOptions(), Token);
        var random = new Random(3);
        ImageCrops[] images = [.. Enumerable.Range(0, 200).Select(_ => TestCrops.Random(engine.Config, random))];

        await RunAsync(engine, images, WarmUp);
        (long tensors, long memory) = Measure();
        await RunAsync(engine, images, Requests);
        (long tensorsAfter, long memoryAfter) = Measure();

        Assert.Equal(WarmUp + Requests, engine.Statistics.PromptsFinished / s_prompts.Length);
        Assert.Equal(0, engine.Statistics.FailedSteps);
        Assert.Equal(tensors, tensorsAfter);
        Assert.InRange(memoryAfter - memory, long.MinValue, MostGrowth);
    }

    private static async Task RunAsync(InferenceEngine engine, ImageCrops[] images, int requests)
    {
        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, Together).Select(async _ =>
        {
            for (int i = Interlocked.Increment(ref next); i <= requests; i = Interlocked.Increment(ref next))
            {
                await engine.RunAsync(new ImageRequest(images[i % images.Length], s_prompts), Token);
            }
        }));
    }

    private static (long Tensors, long Memory) Measure()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return (Tensor.TotalCount, Environment.WorkingSet);
    }
}
