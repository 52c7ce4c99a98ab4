using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.Logging;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Brings every active job one step closer to its end, from what is seen now and nothing remembered.</summary>
/// <remarks>Any number may run, in any number of processes: each job's lock lets one at a time work on it, and the others pass on.</remarks>
public sealed class Reconciler(
    JobStorage storage,
    JobStore jobs,
    ShardStore shards,
    IBackgroundJobClient client,
    SchedulingOptions options,
    TimeProvider time,
    ILogger<Reconciler> logger)
{
    private readonly TicketDesk _desk = new(client);

    /// <summary>Looks once at every active job.</summary>
    public void Step(CancellationToken cancellationToken)
    {
        foreach (var jobId in jobs.ActiveIds())
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                StepIfFree(jobId);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One job that cannot be moved must not hold up the others; the next look tries it again.
                Log.StepFailed(logger, jobId, e);
            }
        }
    }

    private void StepIfFree(string jobId)
    {
        using var connection = storage.GetConnection();
        using var held = JobStore.TryLock(connection, jobId);
        if (held is not null)
        {
            Step(connection, jobId);
        }
    }

    private void Step(IStorageConnection connection, string jobId)
    {
        // Tickets before what they report: one that is seen to have succeeded has written its result already.
        if (jobs.Find(jobId) is not { IsTerminal: false } before)
        {
            return;
        }

        var control = TicketDesk.Look(connection, before.ControlTicket);
        var tickets = shards.Tickets(jobId);
        var open = before.ShardsTotal is null ? [] : shards.List(jobId).Where(status => status.Phase is not ShardPhase.Committed).ToList();
        var fates = open
            .Where(status => tickets.ContainsKey(status.Shard))
            .ToDictionary(status => status.Shard, status => TicketDesk.Look(connection, tickets[status.Shard]));

        var now = time.GetUtcNow();
        var job = jobs.Find(jobId)!;
        var statuses = job.ShardsTotal is null ? [] : shards.List(jobId);
        UpdateProgress(job, statuses, now);

        var snapshot = new JobSnapshot
        {
            State = job.State,
            CancelRequested = job.CancelRequested,
            Planned = job.ShardsTotal is not null,
            Outcome = job.Outcome,
            Control = control,
            Shards =
            [
                .. statuses.Select(status => new ShardSnapshot(
                    status.Shard,
                    status.Phase is ShardPhase.Committed,
                    status.IsRunning(now, options.HeartbeatTimeout),
                    fates.GetValueOrDefault(status.Shard))),
            ],
        };
        foreach (var action in Decisions.Decide(snapshot, options.ShardWindow))
        {
            Do(jobId, action, before.ControlTicket, tickets, fates);
        }
    }

    private void UpdateProgress(JobRecord job, IReadOnlyList<ShardStatus> statuses, DateTimeOffset now)
    {
        var progress = job.Progress.Next(statuses, now, options.HeartbeatTimeout);
        if (job.ShardsTotal is not null && progress != job.Progress)
        {
            jobs.SetProgress(job.Id, progress);
        }
    }

    private void Do(
        string jobId, JobAction action, string? control, IReadOnlyDictionary<int, string> tickets, Dictionary<int, Ticket> fates)
    {
        switch (action)
        {
            case JobAction.EnqueuePlan:
                jobs.SetControlTicket(jobId, _desk.Plan(jobId));
                break;
            case JobAction.EnqueueFinalize:
                jobs.SetControlTicket(jobId, _desk.Finalize(jobId));
                break;
            case JobAction.EnqueueShard(var shard):
                shards.SetTicket(jobId, shard, _desk.Shard(jobId, shard));
                break;
            case JobAction.DeleteTickets:
                DeleteTickets(control, tickets, fates);
                break;
            case JobAction.MoveTo(var state, var error):
                jobs.MoveTo(jobId, state, error);
                Log.Moved(logger, jobId, JobJson.NameOf(state), error);
                break;
            default:
                throw new InvalidOperationException($"The action {action} is unknown.");
        }
    }

    private void DeleteTickets(string? control, IReadOnlyDictionary<int, string> tickets, Dictionary<int, Ticket> fates)
    {
        if (control is not null)
        {
            _desk.Delete(control);
        }

        foreach (var (shard, ticket) in fates)
        {
            if (ticket.Fate is TicketFate.Alive)
            {
                _desk.Delete(tickets[shard]);
            }
        }
    }
}
