using NetVips;
using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Model.Sampling;

namespace Pipeline.Model.Tests.Engine;

public sealed class InferenceEngineTests(InferenceEngineTests.LoadedEngine loaded) : IClassFixture<InferenceEngineTests.LoadedEngine>
{
    private static readonly GeneratePrompt s_caption = new("Describe this image.", new SamplingParams { MaxTokens = 12 });
    private static readonly ScorePrompt s_colour = new("What colour is it?", ["red", "green", "a very dark blue"]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_come_in_the_order_of_the_prompts()
    {
        var answers = await loaded.Engine.RunAsync(new ImageRequest(loaded.Crops(1), [s_caption, s_colour]), Token);

        var caption = Assert.IsType<GeneratedAnswer>(answers[0]);
        var colour = Assert.IsType<ScoredAnswer>(answers[1]);
        Assert.InRange(caption.TokenIds.Count, 1, 12);
        Assert.InRange(caption.MeanLogProbability, double.NegativeInfinity, 0);
        Assert.Equal(1, colour.Probabilities.Sum(), 1e-12);
        Assert.Equal(colour.LogLikelihoods.Max(), colour.LogLikelihoods[colour.Best]);
        Assert.All(colour.LogLikelihoods, value => Assert.InRange(value, double.NegativeInfinity, 0));
    }

    [Fact]
    public async Task An_answer_does_not_depend_on_what_else_was_asked_before()
    {
        var alone = await loaded.Engine.RunAsync(new ImageRequest(loaded.Crops(2), [s_caption]), Token);
        var after = await loaded.Engine.RunAsync(
            new ImageRequest(loaded.Crops(2), [s_colour, new GeneratePrompt("Another, longer question about this picture?", new SamplingParams { MaxTokens = 20 }), s_caption]), Token);

        Assert.Equal(((GeneratedAnswer)alone[0]).TokenIds, ((GeneratedAnswer)after[2]).TokenIds);
    }

    [Fact]
    public async Task The_image_matters()
    {
        var first = await loaded.Engine.RunAsync(new ImageRequest(loaded.Crops(1), [s_colour]), Token);
        var second = await loaded.Engine.RunAsync(new ImageRequest(loaded.Crops(3), [s_colour]), Token);

        Assert.NotEqual(((ScoredAnswer)first[0]).LogLikelihoods, ((ScoredAnswer)second[0]).LogLikelihoods);
    }

    [Fact]
    public async Task Many_callers_get_their_own_answers()
    {
        var alone = new List<IReadOnlyList<int>>();
        for (int seed = 0; seed < 4; seed++)
        {
            alone.Add(((GeneratedAnswer)(await loaded.Engine.RunAsync(new ImageRequest(loaded.Crops(seed), [s_caption]), Token))[0]).TokenIds);
        }

        var together = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => loaded.Engine.RunAsync(new ImageRequest(loaded.Crops(i % 4), [s_caption]), Token)));

        Assert.All(together.Index(), item => Assert.Equal(alone[item.Index % 4], ((GeneratedAnswer)item.Item[0]).TokenIds));
    }

    [Fact]
    public async Task A_choices_likelihood_is_that_of_its_tokens_one_by_one()
    {
        var scored = (ScoredAnswer)(await loaded.Engine.RunAsync(new ImageRequest(loaded.Crops(1), [new ScorePrompt("Which?", ["red", "blue"])]), Token))[0];
        var reversed = (ScoredAnswer)(await loaded.Engine.RunAsync(new ImageRequest(loaded.Crops(1), [new ScorePrompt("Which?", ["blue", "red"])]), Token))[0];

        Assert.Equal(scored.LogLikelihoods[0], reversed.LogLikelihoods[1], 1e-5);
        Assert.Equal(scored.LogLikelihoods[1], reversed.LogLikelihoods[0], 1e-5);
    }

    [Fact]
    public async Task A_prompt_that_does_not_fit_is_refused_with_the_count_and_the_limit()
    {
        var prompt = new GeneratePrompt("word ", new SamplingParams { MaxTokens = loaded.Engine.MaxModelLen });

        var refused = await Assert.ThrowsAsync<PromptTooLongException>(() => loaded.Engine.RunAsync(new ImageRequest(loaded.Crops(1), [prompt]), Token));

        Assert.Equal(loaded.Engine.MaxModelLen, refused.Limit);
        Assert.True(refused.Needed > refused.Limit);
    }

    [Fact]
    public async Task One_failing_image_leaves_the_engine_running()
    {
        var wrong = loaded.Crops(1) with { Count = 3 };

        await Assert.ThrowsAsync<ArgumentException>(() => loaded.Engine.RunAsync(new ImageRequest(wrong, [s_caption]), Token));

        Assert.Single(await loaded.Engine.RunAsync(new ImageRequest(loaded.Crops(1), [s_caption]), Token));
    }

    [Fact]
    public async Task A_cancelled_request_is_cancelled_and_the_next_one_served()
    {
        using var cancelled = new CancellationTokenSource();
        Task<IReadOnlyList<Answer>> request = loaded.Engine.RunAsync(new ImageRequest(loaded.Crops(1), [new GeneratePrompt("Long?", new SamplingParams { MaxTokens = 1_000 })]), cancelled.Token);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.Single(await loaded.Engine.RunAsync(new ImageRequest(loaded.Crops(1), [s_caption]), Token));
    }

    [Fact]
    public async Task A_disposed_engine_refuses_requests()
    {
        InferenceEngine engine = await InferenceEngine.LoadAsync(TinyCheckpoint.Shipped, new EngineOptions(), Token);
        await engine.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.RunAsync(new ImageRequest(loaded.Crops(1), [s_caption]), Token));
    }

    /// <summary>The shipped checkpoint, loaded once.</summary>
    public sealed class LoadedEngine : IAsyncLifetime
    {
        public InferenceEngine Engine { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Engine = await InferenceEngine.LoadAsync(TinyCheckpoint.Shipped, new EngineOptions(), CancellationToken.None);

        /// <summary>Crops of a picture of noise, another one for each seed.</summary>
        internal ImageCrops Crops(int seed)
        {
            using Image noise = Image.Gaussnoise(120, 90, sigma: 60, mean: 128, seed: seed);
            using Image rgb = noise.Bandjoin(noise.Flip(Enums.Direction.Horizontal), noise.Flip(Enums.Direction.Vertical)).Cast(Enums.BandFormat.Uchar);
            return Engine.ImageProcessor.Process(rgb.PngsaveBuffer());
        }

        public ValueTask DisposeAsync() => Engine.DisposeAsync();
    }
}
