using System.Collections.Concurrent;
using Pipeline.Model.Engine;
using Pipeline.Model.Quality;
using Pipeline.Model.Sampling;

namespace Pipeline.Model.Tests.Engine;

/// <summary>Answers that are turned down are written again on the image that is in its slot. The policy of these tests: an answer starts with a token above 100, or it loops.</summary>
public sealed class GateTests
{
    private static readonly SamplingParams s_sampling = new() { MaxTokens = 12 };

    /// <summary>Attempts for which a picker was asked for, by their seed.</summary>
    private readonly ConcurrentQueue<long> _seeds = new();

    [Fact]
    public async Task An_answer_without_a_defect_is_taken_at_once()
    {
        await using FakeEngine fake = New(goodFrom: 0);

        GeneratedAnswer answer = await AskAsync(fake, new QualityGate());

        Assert.Empty(answer.Rejected);
        Assert.Null(answer.Defect);
        Assert.Equal([0], _seeds);
    }

    [Fact]
    public async Task A_defective_answer_is_written_again_with_changed_sampling_and_the_image_is_not_encoded_again()
    {
        await using FakeEngine fake = New(goodFrom: 2);

        GeneratedAnswer answer = await AskAsync(fake, new QualityGate { MaxRetries = 3 });

        Assert.Equal([AnswerDefect.Loop, AnswerDefect.Loop], answer.Rejected.Select(rejected => rejected.Defect));
        Assert.Null(answer.Defect);
        Assert.Equal([0, 1, 2], _seeds);
        Assert.Equal(1, fake.Runner.Encodes.Sum());
        Assert.Equal(FakeRunner.AnswerLength, answer.TokenIds.Count);
        Assert.Equal((1, 1), (fake.Engine.Statistics.ImagesFinished, fake.Engine.Statistics.PromptsFinished));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task After_the_last_attempt_the_answer_is_taken_with_its_defect(int retries)
    {
        await using FakeEngine fake = New(goodFrom: 99);

        GeneratedAnswer answer = await AskAsync(fake, new QualityGate { MaxRetries = retries });

        Assert.Equal(retries, answer.Rejected.Count);
        Assert.Equal(AnswerDefect.Loop, answer.Defect);
        Assert.Equal(0, fake.Runner.Held);
    }

    [Fact]
    public async Task Without_a_gate_no_answer_is_judged()
    {
        await using FakeEngine fake = New(goodFrom: 99);

        GeneratedAnswer answer = await AskAsync(fake, gate: null);

        Assert.Null(answer.Defect);
        Assert.Empty(answer.Rejected);
    }

    [Fact]
    public async Task Many_prompts_are_retried_among_others_in_few_places()
    {
        await using FakeEngine fake = New(goodFrom: 1, new EngineOptions { MaxNumSeqs = 3 });
        GeneratePrompt gated = new("?", s_sampling) { Gate = new QualityGate() };

        IReadOnlyList<Answer>[] answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => fake.RunAsync((byte)i, gated, FakeEngine.Caption, gated)));

        Assert.All(answers, answer => Assert.Equal([1, 0, 1], answer.Cast<GeneratedAnswer>().Select(one => one.Rejected.Count)));
        Assert.Equal(30, fake.Runner.Encodes.Sum());
    }

    /// <param name="goodFrom">The first attempt without a defect, from 0.</param>
    /// <param name="options">Limits.</param>
    private FakeEngine New(int goodFrom, EngineOptions? options = null) => new(options, policy: new AnswerPolicy
    {
        PickerFor = (sampling, _, _) =>
        {
            _seeds.Enqueue(sampling.Seed);
            return sampling.Seed >= goodFrom ? new Always(101) : null;
        },
        FindDefect = answer => answer.TokenIds[0] > 100 ? null : AnswerDefect.Loop,
        ChangedFor = (sampling, attempt) => sampling with { Seed = attempt },
    });

    private static async Task<GeneratedAnswer> AskAsync(FakeEngine fake, QualityGate? gate) =>
        Assert.IsType<GeneratedAnswer>(Assert.Single(await fake.RunAsync(1, new GeneratePrompt("?", s_sampling) { Gate = gate })));

    private sealed class Always(int token) : ITokenPicker
    {
        public PickedToken Pick(Span<float> logits, IReadOnlyList<int> generated) => new(token, -1);
    }
}
