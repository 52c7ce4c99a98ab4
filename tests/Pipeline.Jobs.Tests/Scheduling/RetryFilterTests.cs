using Hangfire;
using Hangfire.InMemory;
using Hangfire.States;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.Scheduling;

/// <summary>What becomes of a Hangfire job that failed.</summary>
public sealed class RetryFilterTests : IDisposable
{
    private readonly InMemoryStorage storage = new();

    public void Dispose() => storage.Dispose();

    [Theory]
    [InlineData(ObjectStoreFault.Unavailable)]
    [InlineData(ObjectStoreFault.Throttled)]
    [InlineData(ObjectStoreFault.Outage)]
    [InlineData(ObjectStoreFault.Full)]
    public void A_store_in_trouble_is_waited_for_a_day_and_then_the_job_fails_with_the_reason(ObjectStoreFault fault)
    {
        var job = Enqueue();
        for (var wait = 1; wait <= 1_440; wait++)
        {
            var state = Assert.IsType<ScheduledState>(Elect(job, Trouble(fault)));
            Assert.Contains("by the test", state.Reason, StringComparison.Ordinal);
            Assert.InRange(state.EnqueueAt - state.ScheduledAt, TimeSpan.FromSeconds(wait < 5 ? 1 : 59), TimeSpan.FromSeconds(61));
        }

        for (var retry = 0; retry < 5 && fault is not ObjectStoreFault.Full; retry++)
        {
            Assert.IsType<ScheduledState>(Elect(job, Trouble(fault)));
        }

        Assert.Contains("by the test", Assert.IsType<FailedState>(Elect(job, Trouble(fault))).Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Waits_cost_none_of_the_tries_that_other_errors_have()
    {
        var job = Enqueue();
        for (var wait = 0; wait < 100; wait++)
        {
            Elect(job, Trouble(ObjectStoreFault.Outage));
        }

        for (var retry = 0; retry < 5; retry++)
        {
            Assert.IsType<ScheduledState>(Elect(job, new InvalidOperationException("something else")));
        }

        Assert.IsType<FailedState>(Elect(job, new InvalidOperationException("something else")));
    }

    [Theory]
    [InlineData(ObjectStoreFault.NotFound)]
    [InlineData(ObjectStoreFault.AccessDenied)]
    [InlineData(ObjectStoreFault.Rejected)]
    public void What_the_store_refuses_for_good_fails_at_once(ObjectStoreFault fault) => Assert.IsType<FailedState>(Elect(Enqueue(), Trouble(fault)));

    private static ObjectStoreException Trouble(ObjectStoreFault fault) => new(fault, "s3://bucket", "Trouble by the test.");

    private string Enqueue() => new BackgroundJobClient(storage).Enqueue<IPlanJob>(job => job.RunAsync("job", CancellationToken.None));

    private IState Elect(string id, Exception exception)
    {
        using var connection = storage.GetConnection();
        var data = connection.GetJobData(id);
        using var transaction = connection.CreateWriteTransaction();
        var failed = new FailedState(exception);
        var apply = new ApplyStateContext(storage, connection, transaction, new BackgroundJob(id, data.Job, data.CreatedAt), failed, data.State);
        var context = new ElectStateContext(apply, new StateMachine(new Hangfire.Common.JobFilterProviderCollection()));
        new RetryFilter().OnStateElection(context);
        transaction.Commit();
        return context.CandidateState;
    }
}
