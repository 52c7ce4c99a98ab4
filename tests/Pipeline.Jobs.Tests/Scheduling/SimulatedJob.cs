using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Tests.Scheduling;

/// <summary>A job, its workers and everything that goes wrong, in memory: decisions are carried out as the reconciler does.</summary>
internal sealed class SimulatedJob(int shards, int window)
{
    private readonly SimulatedShard[] _shards = [.. Enumerable.Range(0, shards).Select(_ => new SimulatedShard())];
    private Ticket _control;
    private bool _planned;
    private bool _cancelRequested;
    private bool _pauseRequested;
    private JobOutcome? _outcome;

    public JobState State { get; private set; } = JobState.Planning;

    public int Committed => _shards.Count(shard => shard.Committed);

    /// <summary>Most shards that were ever enqueued or running at once.</summary>
    public int Busiest { get; private set; }

    public void Reconcile()
    {
        var underWay = _shards.Index().Where(entry => !entry.Item.Committed && entry.Item.HasPlace).ToList();
        var snapshot = new JobSnapshot
        {
            State = State,
            CancelRequested = _cancelRequested,
            PauseRequested = _pauseRequested,
            Planned = _planned,
            AllCommitted = _planned && Committed == _shards.Length,
            Outcome = _outcome,
            Control = _control,
            Shards = _planned ? [.. underWay.Select(entry => new ShardSnapshot(entry.Index, entry.Item.Running, entry.Item.Ticket))] : [],
        };
        foreach (var action in Decisions.Decide(snapshot))
        {
            Do(action);
        }

        if (State is JobState.InProgress && !_pauseRequested && !_cancelRequested)
        {
            Feed(underWay.Count);
        }

        Busiest = Math.Max(Busiest, _shards.Count(shard => !shard.Committed && shard.HasPlace));
    }

    private void Feed(int taken)
    {
        var claim = new FairShare.Claim
        {
            JobId = "job",
            Priority = 5,
            RowsPerShard = 10,
            Waiting = _shards.Count(shard => !shard.Committed && !shard.HasPlace),
            Taken = taken,
            Limit = window,
        };
        foreach (var _ in FairShare.Divide([claim], new FairShare.Places(100, 0, AnyIdle: true), clock: 0))
        {
            var next = _shards.First(shard => !shard.Committed && !shard.HasPlace);
            next.Ticket = new Ticket(TicketFate.Queued);
        }
    }

    /// <summary>One thing that happens in the world, good or bad.</summary>
    public void Happen(int what)
    {
        var shard = _shards[what / 16 % _shards.Length];
        switch (what % 16)
        {
            case 0 or 1:
                WorkOnControl();
                break;
            case 2 or 3 or 4:
                shard.Begin();
                break;
            case 5 or 6 or 7:
                shard.Commit();
                break;
            case 8:
                shard.WorkerDies();
                break;
            case 9:
                shard.TicketIsLost();
                break;
            case 10:
                _control = default;
                break;
            case 11 when what % 5 == 0:
                shard.FailForGood();
                break;
            case 12 when what % 7 == 0:
                _cancelRequested = true;
                break;
            case 14:
                _pauseRequested = !_pauseRequested;
                break;
            case 13 when _control.IsAlive && what % 5 == 0:
                _control = new Ticket(TicketFate.Failed, "broken");
                break;
            default:
                Reconcile();
                break;
        }
    }

    /// <summary>A stretch in which everybody works and nothing breaks.</summary>
    public void CalmRound()
    {
        _pauseRequested = false;
        Reconcile();
        WorkOnControl();
        foreach (var shard in _shards)
        {
            shard.WorkerDiesUnlessOwned();
            shard.Begin();
            shard.Commit();
        }
    }

    private void WorkOnControl()
    {
        if (!_control.IsAlive)
        {
            return;
        }

        _control = new Ticket(TicketFate.Succeeded);
        if (State is JobState.Planning)
        {
            _planned = true;
        }
        else if (State is JobState.Finalizing)
        {
            _outcome = new JobOutcome(_shards.Length, 0);
        }
    }

    private void Do(JobAction action)
    {
        switch (action)
        {
            case JobAction.EnqueuePlan or JobAction.EnqueueFinalize:
                _control = new Ticket(TicketFate.Queued);
                break;
            case JobAction.Withdraw:
                Array.ForEach(_shards, shard => shard.Withdraw());
                break;
            case JobAction.DeleteTickets:
                Array.ForEach(_shards, shard => shard.Delete());
                break;
            case JobAction.MoveTo(var state, _):
                (State, _control) = (state, default);
                break;
        }
    }
}

internal sealed class SimulatedShard
{
    public bool Committed { get; private set; }
    public bool Running { get; private set; }
    public Ticket Ticket { get; set; }

    /// <summary>It has a ticket of which something may come, or runs without one.</summary>
    public bool HasPlace => Running || Ticket.Fate is not (TicketFate.None or TicketFate.Succeeded);

    public void Begin()
    {
        if (Ticket.IsAlive && !Committed)
        {
            (Running, Ticket) = (true, new Ticket(TicketFate.Processing));
        }
    }

    public void Commit()
    {
        if (Running)
        {
            (Committed, Running) = (true, false);
            Ticket = Ticket.IsAlive ? new(TicketFate.Succeeded) : Ticket;
        }
    }

    /// <summary>Its heartbeat ends; Hangfire gives the job to another worker in time.</summary>
    public void WorkerDies() => Running = false;

    public void WorkerDiesUnlessOwned() => Running &= Ticket.IsAlive;

    /// <summary>Somebody deletes the Hangfire job, or its storage forgets it; whoever runs it goes on for a while.</summary>
    public void TicketIsLost() => Ticket = default;

    public void FailForGood()
    {
        if (Running && Ticket.IsAlive)
        {
            (Running, Ticket) = (false, new(TicketFate.Failed, "broken"));
        }
    }

    public void Delete() => Ticket = Ticket.IsAlive ? default : Ticket;

    public void Withdraw() => Ticket = Ticket.Fate is TicketFate.Queued or TicketFate.Retrying ? default : Ticket;
}
