using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Tests.Specs;

namespace Pipeline.Jobs.Tests.Scheduling;

/// <summary>
/// Everything that schedules, on a real storage and real folders, moved by hand: the test says when the reconciler looks and
/// which Hangfire job runs, with what end. No Hangfire server, no waiting.
/// </summary>
internal sealed class SchedulingBench : IDisposable
{
    private readonly JobStorage _storage;
    private readonly BackgroundJobClient _client;
    private readonly SchedulingOptions _options;

    public SchedulingBench(JobStorage storage, Workplace place, int window = 2)
    {
        _storage = storage;
        _options = new SchedulingOptions { ShardWindow = window };
        _client = new BackgroundJobClient(storage, JobFilters.Create());
        Place = place;
        Jobs = new JobStore(storage, Time);
        Shards = new ShardStore(storage);
        Reconciler = new Reconciler(storage, Jobs, Shards, _client, _options, Time, NullLogger<Reconciler>.Instance);
        Submission = new JobSubmission(new JobSpecValidator(Place.Stores), Place.Stores, Jobs, NullLogger<JobSubmission>.Instance);
    }

    public Workplace Place { get; }
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    public JobStore Jobs { get; }
    public ShardStore Shards { get; }
    public Reconciler Reconciler { get; }
    public JobSubmission Submission { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task<string> SubmitAsync() => (await Submission.SubmitAsync(Place.Spec, Token)).Job.Id;

    public JobRecord Job(string jobId) => Jobs.Find(jobId)!;

    public void Reconcile() => Reconciler.Step(Token);

    public PlanJob PlanJob() => new(Place.Stores, Jobs, Shards, _options, Time, NullLogger<PlanJob>.Instance);

    public FinalizeJob FinalizeJob() => new(Place.Stores, Jobs, Time, NullLogger<FinalizeJob>.Instance);

    /// <summary>Ids of the Hangfire jobs in a queue, first in first out.</summary>
    public IReadOnlyList<string> Enqueued(string queue) =>
        [.. _storage.GetMonitoringApi().EnqueuedJobs(queue, 0, 100).Select(entry => entry.Key)];

    public Job Call(string ticket)
    {
        using var connection = _storage.GetConnection();
        return connection.GetJobData(ticket).Job;
    }

    public string StateOf(string ticket)
    {
        using var connection = _storage.GetConnection();
        return connection.GetJobData(ticket).State;
    }

    /// <summary>Ends a Hangfire job as a server would: taken from its queue, then moved through its states and the filters.</summary>
    public void End(string ticket, Exception? error = null)
    {
        using (var connection = _storage.GetConnection())
        {
            var queue = Call(ticket).Type == typeof(IShardJob) ? Queues.Shards : Queues.Control;
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            using var fetched = connection.FetchNextJob([queue], stop.Token);
            Assert.Equal(ticket, fetched.JobId);
            fetched.RemoveFromQueue();
        }

        _client.ChangeState(ticket, error is null ? new SucceededState(null, 0, 0) : new FailedState(error));
    }

    /// <summary>Deletes a Hangfire job, as a person may in the dashboard.</summary>
    public void Delete(string ticket) => _client.Delete(ticket);

    /// <summary>Runs the planning or finalizing job that is enqueued.</summary>
    public async Task RunControlAsync()
    {
        var ticket = Assert.Single(Enqueued(Queues.Control));
        var call = Call(ticket);
        var jobId = (string)call.Args[0];
        await (call.Type == typeof(IPlanJob) ? PlanJob().RunAsync(jobId, Token) : FinalizeJob().RunAsync(jobId, Token));
        End(ticket);
    }

    /// <summary>Plays a worker: commits the first enqueued shard with rows for its images, all failed that are named so.</summary>
    public async Task RunShardAsync(Func<PlannedImage, bool>? fails = null)
    {
        var ticket = Enqueued(Queues.Shards)[0];
        var call = Call(ticket);
        await CommitAsync((string)call.Args[0], (int)call.Args[1], fails);
        End(ticket);
    }

    public async Task CommitAsync(string jobId, int index, Func<PlannedImage, bool>? fails = null)
    {
        var output = Place.Stores.Open(Place.Output);
        var reader = new PlanReader(output);
        var plan = (await reader.FindAsync(Token))!;
        var images = await reader.ReadShardAsync(plan.Shards[index], Token);
        var commit = await new ShardCommitter(output, Time).CommitAsync(
            new ShardAttempt
            {
                Shard = index,
                Shards = plan.Shards.Count,
                Attempt = 1,
                Worker = "bench:1",
                File = await ShardRows.WriteAsync(Place.Root, jobId, plan, images, fails ?? (_ => false), Time.GetUtcNow(), Token),
            },
            Token);
        Shards.Write(jobId, new ShardStatus
        {
            Shard = index,
            Phase = ShardPhase.Committed,
            Rows = commit.Rows,
            Done = commit.Rows,
            FailedRows = commit.FailedRows,
            Attempt = commit.Attempt,
            UpdatedAt = Time.GetUtcNow(),
        });
    }

    public void Dispose() => Place.Dispose();
}
