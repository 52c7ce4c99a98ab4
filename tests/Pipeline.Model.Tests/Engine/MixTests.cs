using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Model.Sampling;
using Pipeline.Model.Tests.Execution;
using Pipeline.Model.Weights;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Engine;

/// <summary>
/// The same answer whatever the batch: hundreds of mixes of images and prompts, in any order of arrival, at any limits, with equal
/// images shared or not, against each prompt asked alone of the plain network.
/// </summary>
public sealed class MixTests
{
    private static readonly EngineOptions[] s_limits =
    [
        new(),
        new() { EnablePrefixCaching = false },
        new() { MaxNumSeqs = 1 },
        new() { MaxNumSeqs = 3, MaxNumCrops = 90 },
        new() { MaxNumSeqs = 7, MaxNumBatchedTokens = 5_000, EnablePrefixCaching = false },
        new() { NumSchedulerSteps = 6 },
    ];

    private static readonly Prompt[] s_prompts =
    [
        new GeneratePrompt("Describe this image.", new SamplingParams { MaxTokens = 10 }),
        new GeneratePrompt("What is it?", new SamplingParams { MaxTokens = 17, LogProbs = true }),
        new GeneratePrompt("A longer question about what can be seen on the left, and what on the right of this picture?", new SamplingParams { MaxTokens = 5 }),
        new GeneratePrompt("Go on.", new SamplingParams { MaxTokens = 24, IgnoreEos = true }),
        new ScorePrompt("Is it day?", ["yes", "no"]),
        new ScorePrompt("What colour is it?", ["red", "green", "a very dark blue with a hint of grey"]),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public Task The_golden_models_answer_every_prompt_as_alone(string version) =>
        AssertMixes(Path.Combine(ReferenceData.Folder("golden"), version, "model"), mixes: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Small_models_answer_every_prompt_as_alone(int version)
    {
        using var checkpoint = new SmallCheckpoint(version);
        await AssertMixes(checkpoint.Folder, mixes: 25);
    }

    /// <param name="folder">Checkpoint.</param>
    /// <param name="mixes">With each of the limits.</param>
    private static async Task AssertMixes(string folder, int mixes)
    {
        ImageCrops[] images;
        Answer[][] alone;
        await using (InferenceEngine oracle = InferenceEngine.Load(folder, new EngineOptions { MaxNumSeqs = 1 }, PlainModelRunner.Create, TimeProvider.System))
        {
            var random = new Random(1);
            images = [.. Enumerable.Range(0, 4).Select(_ => TestCrops.Random(oracle.Config, random)), TestCrops.Blank(oracle.Config)];
            alone = [.. await Task.WhenAll(images.Select(async image => await Task.WhenAll(
                s_prompts.Select(async prompt => (await oracle.RunAsync(new ImageRequest(image, [prompt]), Token))[0]))))];
        }

        for (int i = 0; i < s_limits.Length; i++)
        {
            bool onDevice = s_limits[i].NumSchedulerSteps is not null;
            await using InferenceEngine engine = onDevice ? LoadWithDeviceKernels(folder, s_limits[i]) : await InferenceEngine.LoadAsync(folder, s_limits[i], Token);
            for (int mix = 0; mix < mixes; mix++)
            {
                await AssertMix(engine, images, alone, new Random((100 * i) + mix));
            }
        }
    }

    /// <summary>As a graphics card would run it, on the CPU's versions of the same operators.</summary>
    private static InferenceEngine LoadWithDeviceKernels(string folder, EngineOptions options) => InferenceEngine.Load(
        folder,
        options,
        (path, config, limits, placement, special) => InferenceEngine.CreateRunner(Checkpoint.Open(path, config), config, limits, placement with { UsesDeviceKernels = true }, special, pick: null),
        TimeProvider.System);

    /// <summary>Requests of one to all prompts, their images copied now and then, sent from several threads.</summary>
    private static Task AssertMix(InferenceEngine engine, ImageCrops[] images, Answer[][] alone, Random random)
    {
        var requests = Enumerable.Range(0, random.Next(2, 8)).Select(_ =>
        {
            int image = random.Next(images.Length);
            int[] prompts = [.. Enumerable.Range(0, s_prompts.Length).OrderBy(_ => random.Next()).Take(random.Next(1, s_prompts.Length + 1))];
            ImageCrops crops = random.Next(2) == 0 ? images[image] : images[image] with { Pixels = [.. images[image].Pixels] };
            return (Image: image, Prompts: prompts, Request: new ImageRequest(crops, [.. prompts.Select(prompt => s_prompts[prompt])]));
        }).ToList();

        return Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token }, async (request, token) =>
        {
            IReadOnlyList<Answer> answers = await engine.RunAsync(request.Request, token);
            Assert.All(answers.Zip(request.Prompts), pair => AssertSame(alone[request.Image][pair.Second], pair.First));
        });
    }

    private static void AssertSame(Answer expected, Answer actual)
    {
        switch (expected, actual)
        {
            case (GeneratedAnswer one, GeneratedAnswer other):
                Assert.Equal(one.TokenIds, other.TokenIds);
                Assert.Equal((one.Text, one.FinishReason, one.PromptTokens), (other.Text, other.FinishReason, other.PromptTokens));
                Assert.Equal(one.MeanLogProbability, other.MeanLogProbability, 1e-3);
                break;
            case (ScoredAnswer one, ScoredAnswer other):
                Assert.All(one.Probabilities.Zip(other.Probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
                break;
            default:
                Assert.Fail($"{expected} and {actual} are of different kinds");
                break;
        }
    }
}
