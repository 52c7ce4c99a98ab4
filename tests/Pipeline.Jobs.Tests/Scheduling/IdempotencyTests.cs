using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Tests.Specs;
using Pipeline.Jobs.Tests.State;

namespace Pipeline.Jobs.Tests.Scheduling;

public sealed class IdempotencyTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EachStorage]
    public async Task The_same_request_with_the_same_key_gives_the_job_as_it_is(StorageKind kind)
    {
        using var bench = await CreateAsync(kind);
        var first = await bench.Submission.SubmitOnceAsync("k1", Reading(bench.Place.Spec), null, Token);
        Assert.Equal(StartKind.Created, first.Kind);
        bench.Jobs.MoveTo(first.Job.Id, JobState.Failed, "broken");

        var again = await bench.Submission.SubmitOnceAsync("k1", Reading(bench.Place.Spec), null, Token);

        Assert.Equal((StartKind.Unchanged, first.Job.Id, JobState.Failed), (again.Kind, again.Job.Id, again.Job.State));
        Assert.Equal(StartKind.Continued, (await bench.Submission.SubmitOnceAsync("k2", Reading(bench.Place.Spec), null, Token)).Kind);
    }

    [Theory, EachStorage]
    public async Task Another_request_with_the_same_key_is_refused_and_starts_nothing(StorageKind kind)
    {
        using var bench = await CreateAsync(kind);
        await bench.Submission.SubmitOnceAsync("k1", Reading(bench.Place.Spec), null, Token);
        JobSpec[] others = [bench.Place.Spec with { Caption = "What?", Output = bench.Place.Output + "2" }, bench.Place.Spec with { Schedule = new ScheduleSpec { Priority = 6 } }];
        foreach (var other in others)
        {
            var error = await Assert.ThrowsAsync<IdempotencyException>(() => bench.Submission.SubmitOnceAsync("k1", Reading(other), null, Token));
            Assert.Equal(IdempotencyFault.OtherRequest, error.Fault);
        }

        Assert.Equal(1, bench.Jobs.List(0, 10).Total);
    }

    [Theory, EachStorage]
    public async Task A_refused_request_leaves_its_key_free(StorageKind kind)
    {
        using var bench = await CreateAsync(kind);
        await Assert.ThrowsAsync<JobSpecException>(() => bench.Submission.SubmitOnceAsync("k1", Reading(bench.Place.Spec with { MaxTokens = 0 }), null, Token));

        Assert.Equal(StartKind.Created, (await bench.Submission.SubmitOnceAsync("k1", Reading(bench.Place.Spec), null, Token)).Kind);
    }

    [Theory, EachStorage]
    public async Task Of_equal_requests_at_once_one_is_handled_and_one_that_was_cut_off_can_be_sent_again(StorageKind kind)
    {
        var storage = await Storages.CreateAsync(kind, postgres);
        using var bench = new SchedulingBench(storage, new Workplace());
        var keys = new IdempotencyKeys(storage, bench.Time);
        Assert.Null(keys.Begin("k1", "a"));

        Assert.Equal(IdempotencyFault.InProgress, Assert.Throws<IdempotencyException>(() => keys.Begin("k1", "a")).Fault);
        bench.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(keys.Begin("k1", "a"));
        keys.Complete("k1", "a", "job-1");
        Assert.Equal("job-1", keys.Begin("k1", "a"));
    }

    private async Task<SchedulingBench> CreateAsync(StorageKind kind) => new(await Storages.CreateAsync(kind, postgres), new Workplace());

    private static SpecReading Reading(JobSpec spec) => new(spec, []);
}
