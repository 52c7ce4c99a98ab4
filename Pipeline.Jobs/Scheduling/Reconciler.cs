using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.Logging;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Tenants;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Brings every active job one step closer to its end and feeds the workers, from what is seen now and nothing remembered.</summary>
/// <remarks>
/// Any number may run, in any number of processes: one at a time looks, and the others pass on. A look reads what is under way and never what is planned, so it costs
/// the same for ten shards and for ten thousand.
/// </remarks>
public sealed class Reconciler
{
    private readonly JobStorage _storage;
    private readonly JobStore _jobs;
    private readonly SchedulingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<Reconciler> _logger;
    private readonly TicketDesk _desk;
    private readonly Feeder _feeder;

    /// <summary>By the last look of this process: what the next one writes of each job. Null before; another process may have looked since, and so it is no more than a guess.</summary>
    private IReadOnlyDictionary<string, double>? _outlook;

    public Reconciler(
        JobStorage storage,
        JobStore jobs,
        IBackgroundJobClient client,
        SchedulingOptions options,
        TimeProvider time,
        ILogger<Reconciler> logger)
    {
        (_storage, _jobs, _options, _time, _logger) = (storage, jobs, options, time, logger);
        _desk = new TicketDesk(client);
        _feeder = new Feeder(storage, _desk, new TenantStore(storage), options, time);
    }

    /// <summary>Looks once at every active job, unless another reconciler does.</summary>
    public void Step(CancellationToken cancellationToken)
    {
        using var connection = (JobStorageConnection)_storage.GetConnection();
        using var held = JobStore.TryLockKey(connection, JobKeys.Reconciler);
        if (held is null)
        {
            return;
        }

        var looks = new List<JobLook>();
        foreach (var jobId in _jobs.ActiveIds())
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (StepIfFree(connection, jobId) is { } look)
                {
                    looks.Add(look);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One job that cannot be moved must not hold up the others; the next look tries it again.
                Log.StepFailed(_logger, jobId, e);
            }
        }

        _feeder.Feed(connection, looks);
        _outlook = Outlook.Of(looks.Where(look => look.IsWorkedOn).Select(look => look.Job));
    }

    private JobLook? StepIfFree(JobStorageConnection connection, string jobId)
    {
        using var held = JobStore.TryLock(connection, jobId);
        return held is null ? null : Step(connection, jobId);
    }

    private JobLook? Step(JobStorageConnection connection, string jobId)
    {
        if (_jobs.Find(jobId) is not { IsTerminal: false } before)
        {
            return null;
        }

        // Tickets before what they report: one that is seen to have succeeded has written its result already.
        var control = TicketDesk.Look(connection, before.ControlTicket);
        var taken = before.ShardsTotal is null ? [] : Look(connection, jobId);
        var job = _jobs.Find(jobId)!;
        var (progress, stays) = Settle(connection, job, taken);
        var snapshot = new JobSnapshot
        {
            State = job.State,
            CancelRequested = job.CancelRequested,
            PauseRequested = job.PauseRequested,
            GiveUp = Patience.WhyGiveUp(job, progress, _time.GetUtcNow()),
            Planned = job.ShardsTotal is not null,
            AllCommitted = job.ShardsTotal is { } total && progress.ShardsCommitted >= total,
            Outcome = job.Outcome,
            Control = control,
            Shards = [.. stays.Select(shard => new ShardSnapshot(shard.Taken.Shard, shard.Running, shard.Ticket))],
        };
        foreach (var action in Decisions.Decide(snapshot))
        {
            Do(jobId, action, before.ControlTicket, stays);
            job = action is JobAction.MoveTo(var state, _) ? job with { State = state } : job;
        }

        return job.State is JobState.InProgress or JobState.Paused ? LookFor(connection, job, progress, stays) : null;
    }

    private JobLook? LookFor(JobStorageConnection connection, JobRecord job, JobProgress progress, IReadOnlyList<ShardLook> taken)
    {
        var waiting = ShardQueue.CountWaiting(connection, job.Id);
        if (waiting + taken.Count + progress.ShardsCommitted == job.ShardsTotal)
        {
            return new JobLook { Job = job, Taken = taken, Waiting = waiting };
        }

        // The storage lost an entry, or an earlier version wrote the job: what the shards say of themselves counts.
        Log.Recounted(_logger, job.Id);
        _jobs.Recount(job.Id);
        return null;
    }

    private List<ShardLook> Look(JobStorageConnection connection, string jobId)
    {
        var now = _time.GetUtcNow();
        return
        [
            .. ShardQueue.Taken(connection, jobId)
                .Select(taken => (Taken: taken, Ticket: TicketDesk.Look(connection, taken.Ticket)))
                .Select(found => (found.Taken, found.Ticket, Status: ShardStore.Find(connection, jobId, found.Taken.Shard)!))
                .Select(found => new ShardLook(found.Taken, found.Ticket, found.Status, found.Status.IsRunning(now, _options.HeartbeatTimeout))),
        ];
    }

    /// <summary>Counts what was committed since the last look, and frees the places of shards that nothing will come of.</summary>
    private (JobProgress Progress, IReadOnlyList<ShardLook> Stays) Settle(JobStorageConnection connection, JobRecord job, IReadOnlyList<ShardLook> taken)
    {
        if (job.ShardsTotal is null)
        {
            return (job.Progress, []);
        }

        var now = _time.GetUtcNow();
        var committed = taken.Where(shard => shard.IsCommitted).ToList();
        var adrift = taken.Where(shard => shard.IsAdrift).ToList();
        var moved = job.State is JobState.InProgress && !job.PauseRequested
            ? taken.Where(shard => !shard.IsCommitted && shard.IsInterrupted(now, _options.InterruptedAfter)).ToDictionary(shard => shard, shard => Again(job.Id, shard))
            : [];
        var stays = taken.Except(committed).Except(adrift).Select(shard => moved.GetValueOrDefault(shard, shard)).ToList();
        var progress = job.Progress
            .Commit([.. committed.Select(shard => shard.Status)])
            .Next([.. stays.Select(shard => shard.Status)], now, _options.HeartbeatTimeout, committed.Count) with
        {
            ExpectedRunning = _outlook is null ? job.Progress.ExpectedRunning : _outlook.TryGetValue(job.Id, out var expected) ? expected : null,
        };

        if (progress == job.Progress && committed.Count + adrift.Count + moved.Count == 0)
        {
            return (progress, stays);
        }

        using var transaction = connection.CreateWriteTransaction();
        foreach (var shard in committed.Concat(adrift))
        {
            ShardQueue.Leave(transaction, job.Id, shard.Taken, shard.IsCommitted);
        }

        foreach (var (old, anew) in moved)
        {
            ShardQueue.Leave(transaction, job.Id, old.Taken, isCommitted: false);
            ShardQueue.Take(transaction, job.Id, anew.Taken);
        }

        transaction.SetRangeInHash(JobKeys.Job(job.Id), [new(JobFields.Progress, JobStore.Text(progress))]);
        transaction.Commit();
        return (progress, stays);
    }

    /// <summary>A shard whose worker died gets a ticket in the queue that workers look into first.</summary>
    private ShardLook Again(string jobId, ShardLook shard)
    {
        var queue = shard.Taken.Queue == Queues.Express ? Queues.Express : Queues.Resumed;
        _desk.Delete(shard.Taken.Ticket);
        Log.Interrupted(_logger, shard.Taken.Shard, jobId, shard.Status.Worker);
        return shard with { Taken = new TakenShard(shard.Taken.Shard, queue, _desk.Shard(jobId, shard.Taken.Shard, queue)), Ticket = new Ticket(TicketFate.Queued) };
    }

    private void Do(string jobId, JobAction action, string? control, IReadOnlyList<ShardLook> shards)
    {
        switch (action)
        {
            case JobAction.EnqueuePlan:
                _jobs.SetControlTicket(jobId, _desk.Plan(jobId));
                break;
            case JobAction.EnqueueFinalize:
                _jobs.SetControlTicket(jobId, _desk.Finalize(jobId));
                break;
            case JobAction.DeleteTickets:
                _desk.Delete([control, .. shards.Where(shard => shard.Ticket.IsAlive).Select(shard => shard.Taken.Ticket)]);
                break;
            case JobAction.Withdraw:
                _desk.Delete(shards.Where(shard => shard.Ticket.Fate is TicketFate.Queued or TicketFate.Retrying).Select(shard => shard.Taken.Ticket));
                break;
            case JobAction.MoveTo(var state, var error):
                _jobs.MoveTo(jobId, state, error);
                Log.Moved(_logger, jobId, JobJson.NameOf(state), error);
                break;
            default:
                throw new InvalidOperationException($"The action {action} is unknown.");
        }
    }
}
