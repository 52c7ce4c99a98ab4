using FsCheck;
using FsCheck.Fluent;
using Pipeline.Jobs.Scheduling;

namespace Pipeline.Jobs.Tests.Scheduling;

public sealed class FairShareTests
{
    private static readonly FairShare.Places s_one = new(1, 0, AnyIdle: false);

    [Fact]
    public void Jobs_of_equal_priority_take_turns() =>
        Assert.Equal(["a", "b", "a", "b"], Serve(4, Job("a"), Job("b")));

    [Fact]
    public void Each_step_of_priority_doubles_the_share()
    {
        var served = Serve(700, Job("low", priority: 4), Job("usual"), Job("high", priority: 6)).CountBy(job => job).ToDictionary();
        Assert.InRange(served["low"], 99, 101);
        Assert.InRange(served["usual"], 199, 201);
        Assert.InRange(served["high"], 399, 401);
    }

    [Fact]
    public void The_share_is_counted_in_rows_and_not_in_shards()
    {
        var served = Serve(110, Job("small", rows: 10), Job("large", rows: 100)).CountBy(job => job).ToDictionary();
        Assert.InRange(served["large"], 9, 11);
    }

    [Fact]
    public void A_job_that_comes_new_is_next_and_gets_no_more_than_its_share_for_having_been_away()
    {
        var jobs = new List<FairShare.Claim> { Job("old") with { Served = 4_999_010 } };
        var clock = 4_999_000.0;
        jobs.Add(Job("new", age: 1));
        var order = Serve(40, ref clock, jobs);
        Assert.Equal("new", order[0]);
        Assert.InRange(order.Count(job => job == "new"), 19, 21);
    }

    [Fact]
    public void A_job_gets_no_more_places_than_it_may_have()
    {
        var grants = FairShare.Divide([Job("a") with { Limit = 3, Taken = 1 }, Job("b", age: 1) with { Limit = 1 }], new(10, 0, AnyIdle: true), 0);
        Assert.Equal(["a", "a", "b"], grants.Select(grant => grant.JobId).Order());
    }

    [Fact]
    public void All_jobs_of_a_tenant_get_no_more_places_than_it_may_have_urgent_ones_too()
    {
        var rooms = new Dictionary<string, int> { ["acme"] = 2, ["full"] = 0 };
        FairShare.Claim[] claims = [Job("a") with { Tenant = "acme" }, Job("b", age: 1) with { Tenant = "acme" }, Job("c", priority: 9, age: 2) with { Tenant = "full" }, Job("d", age: 3) with { Taken = 1, Limit = 3 }];
        var grants = FairShare.Divide(claims, new(10, 2, AnyIdle: false), 0, rooms);
        Assert.Equal(["a", "b", "d", "d"], grants.Select(grant => grant.JobId).Order());
    }

    [Fact]
    public void A_job_whose_shards_keep_failing_gets_no_further_ones() =>
        Assert.Empty(FairShare.Divide([Job("a") with { Taken = 4, Retrying = 4 }], new(10, 0, AnyIdle: true), 0));

    [Fact]
    public void An_urgent_job_begins_on_a_worker_that_is_kept_for_it()
    {
        var places = new FairShare.Places(0, 1, AnyIdle: false);
        var huge = Job("huge") with { Taken = 4 };
        Assert.Equal(new FairShare.Grant("small", true, 10 / 2.0, 0), Assert.Single(FairShare.Divide([huge, Job("small", 6, age: 1)], places, 0)));
        Assert.Empty(FairShare.Divide([huge, Job("equal", age: 1)], places, 0));
        Assert.Empty(FairShare.Divide([huge, Job("begun", 6, age: 1) with { Taken = 1 }], places, 0));
        Assert.Empty(FairShare.Divide([huge, Job("small", 6, age: 1)], places with { Express = 0 }, 0));
        Assert.DoesNotContain(FairShare.Divide([huge, Job("small", 6, age: 1)], new(1, 1, AnyIdle: true), 0), grant => grant.IsExpress);
    }

    [Fact]
    public void Over_any_stretch_jobs_that_wait_are_served_as_their_weights_stand() => Prop.ForAll(
        (from count in Gen.Choose(1, 6) from priorities in Gen.Choose(1, 10).ArrayOf(count) from rounds in Gen.Choose(1, 400) select (priorities, rounds)).ToArbitrary(),
        story =>
        {
            var jobs = story.priorities.Select((priority, index) => Job($"{index}", priority, index)).ToList();
            var clock = 0.0;
            var counts = Serve(story.rounds, ref clock, jobs).CountBy(job => job).ToDictionary();

            // The bound of start-time fair queueing: no two differ by more than one shard of each.
            return jobs.All(a => jobs.All(b =>
                Math.Abs((counts.GetValueOrDefault(a.JobId) * 10 / a.Weight) - (counts.GetValueOrDefault(b.JobId) * 10 / b.Weight)) <= (10 / a.Weight) + (10 / b.Weight) + 1e-6));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static List<string> Serve(int rounds, params FairShare.Claim[] claims)
    {
        var clock = 0.0;
        return Serve(rounds, ref clock, [.. claims]);
    }

    /// <summary>One place after the other is given, and each is soon free again.</summary>
    private static List<string> Serve(int rounds, ref double clock, List<FairShare.Claim> claims)
    {
        var order = new List<string>();
        for (var round = 0; round < rounds; round++)
        {
            var grant = Assert.Single(FairShare.Divide(claims, s_one, clock));
            var index = claims.FindIndex(claim => claim.JobId == grant.JobId);
            claims[index] = claims[index] with { Served = grant.Served };
            clock = grant.Clock;
            order.Add(grant.JobId);
        }

        return order;
    }

    private static FairShare.Claim Job(string id, int priority = 5, int age = 0, double rows = 10) =>
        new() { JobId = id, Priority = priority, Age = age, RowsPerShard = rows, Waiting = 1_000_000 };
}
