using Microsoft.Extensions.Time.Testing;
using Pipeline.Model.Engine;

namespace Pipeline.Model.Tests.Engine;

/// <summary>What runs together, and how it is counted.</summary>
public sealed class BatchingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_that_wait_are_run_together()
    {
        await using var fake = new FakeEngine();
        using var held = Hold(fake);

        Task<IReadOnlyList<Answer>>[] requests = [.. Enumerable.Range(0, 32).Select(image => fake.RunAsync((byte)image))];
        held.Set();
        await Task.WhenAll(requests);

        Assert.Equal(1 + 32, fake.Runner.Encodes.Sum());
        Assert.Contains(4, fake.Runner.Encodes); // four images' crops are the default of a vision step
        Assert.Contains(fake.Runner.Decodes, sequences => sequences >= 31);
    }

    [Fact]
    public async Task Equal_images_in_work_are_encoded_once_unless_sharing_is_off()
    {
        foreach ((bool shares, int encodes) in new[] { (true, 2), (false, 8) })
        {
            await using var fake = new FakeEngine(new EngineOptions { EnablePrefixCaching = shares });
            using var held = Hold(fake);

            Task<IReadOnlyList<Answer>>[] requests = [.. Enumerable.Range(0, 8).Select(i => fake.RunAsync((byte)(i % 2)))];
            held.Set();
            IReadOnlyList<Answer>[] answers = await Task.WhenAll(requests);

            Assert.Equal(1 + encodes, fake.Runner.Encodes.Sum());
            Assert.Equal(2, answers.Select(answer => ((GeneratedAnswer)answer[0]).Text).Distinct().Count());
        }
    }

    [Fact]
    public async Task Every_step_is_counted_with_its_items_and_its_time()
    {
        var time = new FakeTimeProvider();
        await using var fake = new FakeEngine(new EngineOptions { MaxNumSeqs = 4 }, time);
        fake.Runner.OnStep = (stage, images) => time.Advance(TimeSpan.FromSeconds(stage is InferenceStage.Decode ? 1 : 10 * images.Length));
        EngineStatistics before = fake.Engine.Statistics;

        await fake.RunAsync(1, FakeEngine.Caption, new ScorePrompt("Which?", ["red", "blue"]));

        EngineStatistics after = fake.Engine.Statistics.Since(before);
        Assert.Equal(new StageStatistics(1, TimeSpan.FromSeconds(10), fake.Engine.Config.Crops), after.Vision);
        Assert.Equal(new StageStatistics(1, TimeSpan.FromSeconds(10), fake.Engine.Config.ImagePositions), after.ImagePrefill);
        Assert.Equal((1, TimeSpan.FromSeconds(20)), (after.TextPrefill.Steps, after.TextPrefill.Time));
        Assert.Equal(new StageStatistics(FakeRunner.AnswerLength - 1, TimeSpan.FromSeconds(FakeRunner.AnswerLength - 1), FakeRunner.AnswerLength - 1), after.Decode);
        Assert.Equal(0.25, after.BatchFill);
        Assert.Equal((1, 2, 0), (after.ImagesFinished, after.PromptsFinished, after.FailedSteps));
        Assert.Equal(TimeSpan.Zero, after.Overhead);
    }

    [Fact]
    public async Task Waiting_without_work_is_idle_time_also_while_it_lasts()
    {
        var time = new FakeTimeProvider();
        await using var fake = new FakeEngine(time: time);
        await fake.RunAsync(1);
        while (fake.Engine.Statistics.Idle < TimeSpan.FromSeconds(7))
        {
            time.Advance(TimeSpan.FromSeconds(1)); // until the engine's thread has come to its wait
            await Task.Yield();
        }

        TimeSpan idle = fake.Engine.Statistics.Idle;
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(idle + TimeSpan.FromSeconds(5), fake.Engine.Statistics.Idle);
    }

    [Fact]
    public async Task The_engine_takes_no_more_images_in_than_it_can_run()
    {
        await using var fake = new FakeEngine(new EngineOptions { MaxNumSeqs = 2 });
        Task<IReadOnlyList<Answer>>[] requests = [.. Enumerable.Range(0, 100).Select(image => fake.RunAsync((byte)image))];
        await Task.WhenAll(requests);

        Assert.Equal(100, fake.Runner.Encodes.Sum());
        Assert.All(fake.Runner.Decodes, sequences => Assert.InRange(sequences, 1, 2));
    }

    /// <summary>The engine stands still in a step on another image until the event is set.</summary>
    private static ManualResetEventSlim Hold(FakeEngine fake)
    {
        var held = new ManualResetEventSlim();
        fake.Runner.OnStep = (_, images) =>
        {
            if (images.Contains<byte>(255))
            {
                held.Wait(Token);
            }
        };
        Task<IReadOnlyList<Answer>> first = fake.RunAsync(255, new ScorePrompt("?", ["a", "b"]));
        Assert.False(first.IsCompleted);
        return held;
    }
}
