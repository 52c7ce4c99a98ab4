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
using Pipeline.Jobs.Tenants;
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

    public SchedulingBench(JobStorage storage, Workplace place, int reserve = 2)
    {
        _storage = storage;
        _options = new SchedulingOptions { Reserve = reserve };
        _client = new BackgroundJobClient(storage, JobFilters.Create());
        Place = place;
        Jobs = new JobStore(storage, Time);
        Control = new JobControl(Jobs, Time);
        Shards = new ShardStore(storage);
        Reconciler = new Reconciler(storage, Jobs, _client, _options, Time, NullLogger<Reconciler>.Instance);
        Tenants = new TenantStore(storage);
        Quota = new TenantQuota(storage, Jobs, Tenants);
        Submission = new JobSubmission(
            new JobSpecValidator(Place.Stores, Time), Place.Stores, Jobs, new IdempotencyKeys(storage, Time), Tenants, Quota, NullLogger<JobSubmission>.Instance);
    }

    public Workplace Place { get; }
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    public JobStore Jobs { get; }
    public JobControl Control { get; }
    public ShardStore Shards { get; }
    public Reconciler Reconciler { get; }
    public JobSubmission Submission { get; }
    public TenantStore Tenants { get; }
    public TenantQuota Quota { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<string> SubmitAsync() => SubmitAsync(Place.Spec);

    public async Task<string> SubmitAsync(JobSpec spec, string? tenant = null) => (await Submission.SubmitAsync(new SpecReading(spec, []), tenant, Token)).Job.Id;

    /// <summary>Submits, plans and fills the window.</summary>
    public async Task<string> StartAsync()
    {
        var jobId = await SubmitAsync();
        Reconcile();
        await RunControlAsync();
        Reconcile();
        Reconcile();
        return jobId;
    }

    public JobRecord Job(string jobId) => Jobs.Find(jobId)!;

    public void Reconcile() => Reconciler.Step(Token);

    public PlanJob PlanJob() => new(Place.Stores, Jobs, Shards, Quota, _options, Time, NullLogger<PlanJob>.Instance);

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
        RemoveFromQueue(ticket);
        _client.ChangeState(ticket, error is null ? new SucceededState(null, 0, 0) : new FailedState(error));
    }

    private void RemoveFromQueue(string ticket)
    {
        using var connection = _storage.GetConnection();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var fetched = connection.FetchNextJob([Call(ticket).Queue], stop.Token);
        Assert.Equal(ticket, fetched.JobId);
        fetched.RemoveFromQueue();
    }

    /// <summary>Takes the next shard as a server would; it is processed from then on.</summary>
    public string Fetch()
    {
        using var connection = _storage.GetConnection();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            using var fetched = connection.FetchNextJob([Queues.Resumed, Queues.Shards], stop.Token);
            fetched.RemoveFromQueue();
            if (StateOf(fetched.JobId) == EnqueuedState.StateName)
            {
                _client.ChangeState(fetched.JobId, new Processing());
                return fetched.JobId;
            }
        }
    }

    /// <summary>Ends a Hangfire job that was fetched.</summary>
    public void Succeed(string ticket) => _client.ChangeState(ticket, new SucceededState(null, 0, 0));

    /// <summary>Works until nothing is left to do.</summary>
    public async Task FinishAsync(Func<PlannedImage, bool>? fails = null)
    {
        while (Jobs.ActiveIds().Count > 0)
        {
            Reconcile();
            while (Enqueued(Queues.Shards).Count > 0)
            {
                await RunShardAsync(fails);
            }

            if (Enqueued(Queues.Control).Count > 0)
            {
                await RunControlAsync();
            }
        }
    }

    /// <summary>Deletes a Hangfire job, as a person may in the dashboard.</summary>
    public void Delete(string ticket) => _client.Delete(ticket);

    /// <summary>Runs the planning or finalizing job that is enqueued.</summary>
    public async Task RunControlAsync()
    {
        var ticket = Enqueued(Queues.Control)[0];
        var call = Call(ticket);
        var jobId = (string)call.Args[0];
        await (call.Type == typeof(IPlanJob) ? PlanJob().RunAsync(jobId, Token) : FinalizeJob().RunAsync(jobId, Token));
        End(ticket);
    }

    /// <summary>Plays a worker: commits the first enqueued shard with rows for its images, all failed that are named so.</summary>
    public async Task RunShardAsync(Func<PlannedImage, bool>? fails = null)
    {
        var ticket = Enqueued(Queues.Shards)[0];
        if (StateOf(ticket) == DeletedState.StateName)
        {
            // A server drops it.
            RemoveFromQueue(ticket);
            return;
        }

        var call = Call(ticket);
        await CommitAsync((string)call.Args[0], (int)call.Args[1], fails);
        End(ticket);
    }

    public async Task CommitAsync(string jobId, int index, Func<PlannedImage, bool>? fails = null)
    {
        var output = Place.Stores.Open(Job(jobId).Spec.Output);
        var reader = new PlanReader(output);
        var plan = (await reader.FindAsync(Token))!;
        var images = await reader.ReadShardAsync(plan.Shards[index], Token);
        var commit = await new ShardCommitter(output, Time, Job(jobId).Version).CommitAsync(
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

    /// <summary>Hangfire's own can be made by a server alone.</summary>
    private sealed class Processing : IState
    {
        public string Name => ProcessingState.StateName;
        public string Reason => "Played";
        public bool IsFinal => false;
        public bool IgnoreJobLoadException => false;

        public Dictionary<string, string> SerializeData() => new() { ["ServerId"] = "played", ["StartedAt"] = JobHelper.SerializeDateTime(DateTime.UnixEpoch) };
    }
}
