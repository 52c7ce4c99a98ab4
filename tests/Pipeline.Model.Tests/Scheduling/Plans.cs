using Pipeline.Model.Engine;
using Pipeline.Model.Execution;
using Pipeline.Model.Imaging;
using Pipeline.Model.Sampling;
using Pipeline.Model.Scheduling;

namespace Pipeline.Model.Tests.Scheduling;

/// <summary>Small images, prompts and limits for tests of the scheduler: an image has 2 crops and 10 positions.</summary>
internal static class Plans
{
    public static readonly Answer Answer = new ScoredAnswer(0, [0, -1], [0.7, 0.3], 12);

    public static EngineLimits Limits(int sequences = 4, int tokens = 64, int crops = 4, int slots = 4, int blocks = 16, bool shares = true) => new()
    {
        MaxNumSeqs = sequences,
        MaxNumBatchedTokens = tokens,
        MaxModelLen = 64,
        MaxNumCrops = crops,
        CropsPerImage = 2,
        ImagePositions = 10,
        SharesImages = shares,
        Layout = new KvLayout(slots, blocks),
    };

    /// <summary>Another object at each call, of equal pixels for an equal number.</summary>
    public static ImageCrops Image(int number) => new()
    {
        Pixels = [.. Enumerable.Repeat((byte)number, 6)],
        Count = 2,
        Size = 1,
        Image = new ImageFacts(2, 1, "png"),
    };

    public static Sequence Sequence(int promptTokens = 3, int maxTokens = 5) =>
        new(new GeneratePrompt("?", new SamplingParams { MaxTokens = maxTokens }), [.. Enumerable.Range(0, promptTokens)], null);

    public static ScoreTask Score(int promptTokens = 3) => new([.. Enumerable.Range(0, promptTokens)], [[1, 9], [2, 3, 9]]);

    public static ScheduledRequest Request(int image, params PromptTask[] prompts) => new(Image(image), prompts);
}
