using System.Diagnostics;
using Pipeline.Cli.Client;
using Pipeline.Jobs.State;

namespace Pipeline.Cli.Benchmarks;

/// <summary>Time since a run began.</summary>
internal sealed class EtaClock
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public double Seconds => Stopwatch.GetElapsedTime(_start).TotalSeconds;
}

/// <summary>What is done to a run while it is looked at.</summary>
internal sealed class EtaRun(ApiClient api, EtaWorkers workers, string jobId, EtaTraceFile trace, EtaClock clock, Func<CancellationToken, Task<JobView>> compete)
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private Task _changes = Task.CompletedTask;

    /// <summary>The job that came and shares the workers; null as long as there is none.</summary>
    public string? OtherId { get; private set; }

    /// <summary>Changes something, without holding up the looks; one change after the other.</summary>
    public void Begin(EtaEvent what, CancellationToken cancellationToken) => _changes = ChangeAsync(_changes, what, cancellationToken);

    /// <summary>Sees all of it to its end, so that the next run has the machine for itself.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await _changes;
        foreach (var job in ((string?[])[jobId, OtherId]).OfType<string>())
        {
            while ((await api.GetAsync(job, cancellationToken)).State is not (JobState.Completed or JobState.CompletedWithErrors or JobState.Failed or JobState.Cancelled))
            {
                await Task.Delay(s_look, cancellationToken);
            }
        }

        while (workers.Count > 0)
        {
            await workers.EndAsync(cancellationToken);
        }
    }

    private async Task ChangeAsync(Task before, EtaEvent what, CancellationToken cancellationToken)
    {
        await before;
        var pause = TimeSpan.FromSeconds(what.Seconds);
        switch (what.Change)
        {
            case EtaChange.Join:
                trace.Add(clock.Seconds, "a worker starts");
                await workers.StartAsync(cancellationToken);
                break;
            case EtaChange.Leave:
                trace.Add(clock.Seconds, "a worker leaves");
                await workers.EndAsync(cancellationToken);
                break;
            case EtaChange.Kill:
                trace.Add(clock.Seconds, "a worker is killed");
                workers.Kill();
                await Task.Delay(pause, cancellationToken);
                trace.Add(clock.Seconds, "another starts");
                await workers.StartAsync(cancellationToken);
                break;
            case EtaChange.Pause:
                trace.Add(clock.Seconds, "paused");
                await api.AskAsync(jobId, "pause", cancellationToken);
                await Task.Delay(pause, cancellationToken);
                trace.Add(clock.Seconds, "resumed");
                await api.AskAsync(jobId, "resume", cancellationToken);
                break;
            default:
                trace.Add(clock.Seconds, "another job comes");
                OtherId = (await compete(cancellationToken)).Id;
                break;
        }
    }
}
