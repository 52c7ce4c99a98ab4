using Pipeline.Model.Constraints;
using Pipeline.Model.Engine;
using Pipeline.Model.Quality;
using Pipeline.Model.Sampling;

namespace Pipeline.Model.Tests.Engine;

/// <summary>What can't be run is refused by the call itself, before anything is queued.</summary>
public sealed class RequestReaderTests : IAsyncDisposable
{
    private readonly FakeEngine _fake = new();

    public static TheoryData<Prompt, string> Wrong => new()
    {
        { Generate(new SamplingParams { MaxTokens = 0 }), "max_tokens is 0" },
        { Generate(new SamplingParams { MaxTokens = 5, Temperature = 2.5 }), "temperature is 2.5" },
        { Generate(new SamplingParams { MaxTokens = 5, Temperature = double.NaN }), "temperature is NaN" },
        { Generate(new SamplingParams { MaxTokens = 5, TopP = 0 }), "top_p is 0" },
        { Generate(new SamplingParams { MaxTokens = 5, TopK = -1 }), "top_k is -1" },
        { Generate(new SamplingParams { MaxTokens = 5, MinP = 1.5 }), "min_p is 1.5" },
        { Generate(new SamplingParams { MaxTokens = 5, RepetitionPenalty = 0 }), "repetition_penalty is 0" },
        { Generate(new SamplingParams { MaxTokens = 5, Stop = ["x", ""] }), "a stop text is empty" },
        { Generate(new SamplingParams { MaxTokens = 5 }) with { Gate = new QualityGate { MaxRetries = 6 } }, "max_retries is 6" },
        { Generate(new SamplingParams { MaxTokens = 5, Stop = ["END"] }) with { Shape = new AnswerShape("[a-z]+") }, "the stop text 'END'" },
        { Generate(new SamplingParams { MaxTokens = 5, IgnoreEos = true }) with { Shape = new AnswerShape("[a-z]+") }, "ignore_eos" },
        { new ScorePrompt("?", ["only"]), "one choice" },
        { new ScorePrompt("?", []), "no choices" },
        { new ScorePrompt("?", ["a", ""]), "choice 2 is empty" },
        { new ScorePrompt("?", ["a", "b", "a"]), "'a'" },
        { new ScorePrompt("?", [.. Enumerable.Range(0, 5_000).Select(i => $"choice number {i}")]), "max_num_batched_tokens" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_no_model_can_do_is_refused_with_the_value(Prompt prompt, string value)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => _fake.RunAsync(1, prompt));

        Assert.Contains(value, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_fake.Runner.Encodes);
    }

    [Fact]
    public async Task Faults_of_one_prompt_come_together()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => _fake.RunAsync(1, Generate(new SamplingParams { MaxTokens = -1, TopP = 7, MinP = -1 })));

        Assert.All(["max_tokens is -1", "top_p is 7", "min_p is -1"], fault => Assert.Contains(fault, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Too_long_prompts_are_refused_even_where_the_sum_overflows()
    {
        var refused = await Assert.ThrowsAsync<PromptTooLongException>(() => _fake.RunAsync(1, Generate(new SamplingParams { MaxTokens = int.MaxValue })));

        Assert.Equal(int.MaxValue, refused.Needed);
        Assert.Empty(_fake.Runner.Encodes);
    }

    [Fact]
    public async Task The_longest_prompt_that_fits_is_answered()
    {
        int most = _fake.Engine.MaxModelLen - _fake.Engine.Config.ImagePositions;
        var refused = await Assert.ThrowsAsync<PromptTooLongException>(() => _fake.RunAsync(1, Generate(new SamplingParams { MaxTokens = most })));
        int fits = most - (refused.Needed - refused.Limit);

        Assert.Single(await _fake.RunAsync(1, Generate(new SamplingParams { MaxTokens = fits })));
        await Assert.ThrowsAsync<PromptTooLongException>(() => _fake.RunAsync(1, Generate(new SamplingParams { MaxTokens = fits + 1 })));
    }

    [Fact]
    public async Task Crops_of_another_model_and_requests_without_prompts_are_refused()
    {
        var crops = _fake.Image(1);
        foreach (var request in new ImageRequest[]
        {
            new(crops with { Count = 3 }, [FakeEngine.Caption]),
            new(crops with { Size = 1 }, [FakeEngine.Caption]),
            new(crops with { Pixels = [1, 2, 3] }, [FakeEngine.Caption]),
            new(crops, []),
        })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => _fake.Engine.RunAsync(request, TestContext.Current.CancellationToken));
        }
    }

    public ValueTask DisposeAsync() => _fake.DisposeAsync();

    private static GeneratePrompt Generate(SamplingParams sampling) => new("What is it?", sampling);
}
