using FsCheck;
using FsCheck.Fluent;
using Pipeline.Model.Engine;

namespace Pipeline.Model.Tests.Scheduling;

/// <summary>
/// What holds after any sequence of events: requests on the same and on other images, cancels, failures, memory that runs out. The
/// engine they happen to checks slots, blocks and budgets after each of them.
/// </summary>
public sealed class SchedulerProperties
{
    /// <summary>Most a request of the stories can take: four prompts of 20 tokens and two restarts each, all of them alone.</summary>
    private const int StepsOfRequest = 4 * 20 * 3 * 4;

    private static readonly Arbitrary<Story> s_stories = (
        from sequences in Gen.Choose(1, 6)
        from tokens in Gen.Choose(34, 120)
        from crops in Gen.Choose(2, 9)
        from slots in Gen.Choose(1, 5)
        from blocks in Gen.Choose(4, 20)
        from shares in Gen.Elements(true, false)
        from length in Gen.Choose(0, 300)
        from events in Gen.Choose(0, 1 << 20).ArrayOf(length)
        select new Story(Plans.Limits(sequences, tokens, crops, slots, blocks, shares), events)).ToArbitrary();

    [Fact]
    public void Everything_that_was_added_ends_exactly_once() =>
        Prop.ForAll(s_stories, story =>
        {
            SimulatedEngine engine = Play(story);
            var ended = engine.Answered.Concat(engine.Cancelled).Concat(engine.Failed).ToList();
            Assert.Equal(engine.Added, ended.Count);
            Assert.Equal(engine.Added, ended.Distinct().Count());
            Assert.All(engine.Answered, request => Assert.All(request.Prompts, prompt => Assert.NotNull(prompt.Answer)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void The_stories_reach_every_corner()
    {
        // Guards the property above: if nothing failed, was cancelled or started again, it would prove little.
        var engines = s_stories.Generator.Sample(300, 300).Select(Play).ToList();
        Assert.True(engines.Sum(engine => engine.Answered.Count) > 5_000);
        Assert.True(engines.Sum(engine => engine.Cancelled.Count) > 500);
        Assert.True(engines.Sum(engine => engine.Failed.Count) > 100);
        Assert.True(engines.Sum(engine => engine.OutOfMemory) > 100);
        Assert.True(engines.Sum(engine => engine.Restarts) > 500);
        Assert.True(engines.Sum(engine => engine.Encodes) < engines.Sum(engine => engine.Added), "no image was shared");
    }

    private static SimulatedEngine Play(Story story)
    {
        var engine = new SimulatedEngine(story.Limits);
        Array.ForEach(story.Events, engine.Happen);
        engine.Finish(StepsOfRequest * (story.Events.Length + 1));
        return engine;
    }

    private sealed record Story(EngineLimits Limits, int[] Events);
}
