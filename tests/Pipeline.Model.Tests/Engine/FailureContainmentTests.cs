using System.Runtime.InteropServices;
using Pipeline.Model.Engine;
using Pipeline.Model.Sampling;

namespace Pipeline.Model.Tests.Engine;

public sealed class FailureContainmentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<InferenceStage> Stages => [InferenceStage.Vision, InferenceStage.ImagePrefill, InferenceStage.TextPrefill, InferenceStage.Decode];

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task An_image_that_the_network_fails_on_fails_alone_with_stage_and_cause(InferenceStage stage)
    {
        await using var fake = new FakeEngine();
        fake.Runner.OnStep = (now, images) =>
        {
            if (now == stage && images.Contains<byte>(13))
            {
                throw new InvalidOperationException("unlucky");
            }
        };

        Task<IReadOnlyList<Answer>>[] requests = [.. Enumerable.Range(10, 20).Select(image => fake.RunAsync((byte)image))];

        var failed = await Assert.ThrowsAsync<InferenceException>(() => requests[3]);
        Assert.Equal(stage, failed.Stage);
        Assert.Equal("unlucky", failed.InnerException?.Message);
        await AssertAnswered(fake, requests.Index().Where(request => request.Index != 3).Select(request => request.Item));
        Assert.True(fake.Engine.Statistics.FailedSteps >= 1);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task A_step_that_fails_once_fails_nobody(InferenceStage stage)
    {
        await using var fake = new FakeEngine();
        int failures = 1;
        fake.Runner.OnStep = (now, _) =>
        {
            if (now == stage && failures-- > 0)
            {
                throw new LibtorchException("a hiccup");
            }
        };

        await AssertAnswered(fake, [.. Enumerable.Range(0, 8).Select(image => fake.RunAsync((byte)image))]);
        Assert.Equal(1, fake.Engine.Statistics.FailedSteps);
    }

    [Theory]
    [InlineData("[enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 99 bytes.")]
    [InlineData("DefaultCPUAllocator: not enough memory: you tried to allocate 99 bytes.")]
    [InlineData("CUDA out of memory. Tried to allocate 99.00 GiB.")]
    public async Task Where_memory_lasts_for_three_items_everything_is_answered_three_at_a_time(string message)
    {
        await using var fake = new FakeEngine();
        fake.Runner.OnStep = (_, images) =>
        {
            if (images.Length > 3)
            {
                throw new LibtorchException(message);
            }
        };

        await AssertAnswered(fake, [.. Enumerable.Range(0, 40).Select(image => fake.RunAsync((byte)image))]);
        Assert.All(fake.Runner.Decodes, sequences => Assert.InRange(sequences, 1, 3));
        Assert.Contains(fake.Runner.Decodes, sequences => sequences > 1);
    }

    [Fact]
    public async Task An_image_that_memory_does_not_last_for_fails_alone()
    {
        await using var fake = new FakeEngine();
        fake.Runner.OnStep = (_, images) =>
        {
            if (images.Contains<byte>(5))
            {
                throw new InsufficientMemoryException();
            }
        };

        Task<IReadOnlyList<Answer>>[] requests = [.. Enumerable.Range(0, 10).Select(image => fake.RunAsync((byte)image))];

        var failed = await Assert.ThrowsAsync<InferenceException>(() => requests[5]);
        Assert.IsType<InsufficientMemoryException>(failed.InnerException);
        Assert.Contains("lower gpu_memory_utilization", failed.Message, StringComparison.Ordinal);
        await AssertAnswered(fake, requests.Index().Where(request => request.Index != 5).Select(request => request.Item));
    }

    [Fact]
    public async Task A_fault_of_the_engine_itself_fails_those_in_work_and_nobody_after_them()
    {
        await using var fake = new FakeEngine();
        int failures = 1;
        fake.Runner.OnRelease = _ =>
        {
            if (failures-- > 0)
            {
                throw new InvalidOperationException("a bug");
            }
        };

        var failed = await Assert.ThrowsAsync<InferenceException>(() => fake.RunAsync(1));

        Assert.Equal(InferenceStage.Scheduling, failed.Stage);
        await AssertAnswered(fake, [fake.RunAsync(1), fake.RunAsync(2)]);
    }

    [Fact]
    public async Task A_cancelled_request_frees_its_slot_while_it_runs()
    {
        // One slot: the second image can only be answered once the first has let go.
        await using var fake = new FakeEngine(new EngineOptions { MaxNumSeqs = 1 });
        var decoding = new TaskCompletionSource();
        fake.Runner.OnStep = (stage, _) =>
        {
            if (stage is InferenceStage.Decode)
            {
                decoding.TrySetResult();
            }
        };
        using var cancelled = new CancellationTokenSource();
        var endless = new GeneratePrompt("Go on.", new SamplingParams { MaxTokens = 1_500, IgnoreEos = true });
        fake.Runner.OnStep += (_, _) => cancelled.Token.WaitHandle.WaitOne(decoding.Task.IsCompleted ? Timeout.Infinite : 0);
        Task<IReadOnlyList<Answer>> first = fake.RunAsync(1, cancelled.Token, endless);
        await decoding.Task.WaitAsync(Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await AssertAnswered(fake, [fake.RunAsync(2)]);
        Assert.True(fake.Runner.Decodes.Count < 100, "the cancelled request went on");
    }

    [Fact]
    public async Task A_storm_of_cancels_leaves_the_others_answered_and_no_image_behind()
    {
        await using var fake = new FakeEngine(new EngineOptions { MaxNumSeqs = 8 });
        var random = new Random(5);
        CancellationTokenSource[] sources = [.. Enumerable.Range(0, 400).Select(_ => new CancellationTokenSource())];
        var requests = sources.Select((source, i) => (Source: source, Task: fake.RunAsync((byte)(i % 50), source.Token), Cancelled: i % 2 == 0)).ToList();
        int steps = 0;
        fake.Runner.OnStep = (_, _) =>
        {
            if (++steps % 3 == 0)
            {
                sources[2 * random.Next(200)].Cancel(); // in the middle of a step
            }
        };
        await Parallel.ForEachAsync(requests.Where(request => request.Cancelled), Token, async (request, _) => await request.Source.CancelAsync());

        await AssertAnswered(fake, requests.Where(request => !request.Cancelled).Select(request => request.Task));
        foreach (var request in requests.Where(request => request.Cancelled))
        {
            Task ended = await Task.WhenAny(request.Task);
            Assert.True(ended.IsCanceled || ended.IsCompletedSuccessfully);
        }

        await AssertAnswered(fake, [fake.RunAsync(77)]);
        Assert.Equal(0, fake.Runner.Held);
        Array.ForEach(sources, source => source.Dispose());
    }

    [Fact]
    public async Task Disposing_fails_those_that_wait_and_frees_the_network()
    {
        var fake = new FakeEngine();
        using var held = new ManualResetEventSlim();
        var inStep = new TaskCompletionSource();
        fake.Runner.OnStep = (_, _) =>
        {
            inStep.TrySetResult();
            held.Wait(Token);
        };
        Task<IReadOnlyList<Answer>>[] requests = [.. Enumerable.Range(0, 60).Select(image => fake.RunAsync((byte)image))];
        await inStep.Task.WaitAsync(Token);

        Task disposing = fake.DisposeAsync().AsTask();
        held.Set();
        await disposing;

        foreach (Task<IReadOnlyList<Answer>> request in requests)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => request);
        }

        Assert.True(fake.Runner.IsDisposed);
    }

    /// <summary>What a request is answered does not depend on what failed around it.</summary>
    private static async Task AssertAnswered(FakeEngine fake, IEnumerable<Task<IReadOnlyList<Answer>>> requests)
    {
        foreach (Task<IReadOnlyList<Answer>> request in requests)
        {
            var answer = Assert.IsType<GeneratedAnswer>(Assert.Single(await request.WaitAsync(TimeSpan.FromMinutes(1), Token)));
            Assert.Equal(FakeRunner.AnswerLength, answer.TokenIds.Count);
            Assert.Equal(FinishReason.Stop, answer.FinishReason);
            int first = answer.TokenIds[0] - 40;
            Assert.Equal(Enumerable.Range(0, FakeRunner.AnswerLength - 1).Select(i => 40 + ((first + i) % 20)), answer.TokenIds.SkipLast(1));
        }

        Assert.False(fake.Runner.IsDisposed);
    }

    /// <summary>As TorchSharp throws it.</summary>
    private sealed class LibtorchException(string message) : ExternalException(message);
}
