using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.State;
using Pipeline.Worker.Telemetry;
using Polly;
using Polly.Retry;

namespace Pipeline.Worker.Progress;

/// <summary>Tells the job storage how far one attempt of a shard got, and that it lives.</summary>
internal sealed class ShardReport : IAsyncDisposable
{
    /// <summary>One write a second and shard is what a storage bears for many workers.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>Between writes of a shard that gets no further (a slow image, a model being loaded): a sixth of <see cref="StorageTimings.ShardHeartbeat"/>.</summary>
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>About so many seconds an attempt waits for a storage that is down, to say how it ended.</summary>
    private const int MostTries = 600;

    /// <summary>A worker that stops has no more time than this for a storage that does not answer.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(5);

    private readonly ShardStore _shards;
    private readonly string _jobId;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Lock _writing = new();
    private readonly Task _beating;
    private readonly ConcurrentDictionary<string, long> _failures = new();
    private ShardStatus _status;
    private int _done;
    private int _failed;

    private ShardReport(ShardStore shards, string jobId, ShardStatus status, TimeProvider time, ILogger logger)
    {
        (_shards, _jobId, _status, _time, _logger) = (shards, jobId, status, time, logger);
        Lost = _lost.Token;
        _beating = BeatAsync(_stop.Token);
    }

    public int Attempt => _status.Attempt;

    /// <summary>What is known of the deaths of earlier attempts; null if there was none.</summary>
    public ShardCrashes? Crashes => _status.Crashes;

    /// <summary>Cancelled once another attempt has the shard. Seen within a second, unless the storage can't be asked.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Counts a new attempt, and the death of the last one if it ended without a word: the storage knows both before any work starts.</summary>
    public static ShardReport Begin(ShardStore shards, string jobId, int shard, int rows, string worker, TimeProvider time, ILogger logger)
    {
        var last = shards.Find(jobId, shard);
        var status = new ShardStatus
        {
            Shard = shard,
            Phase = ShardPhase.Running,
            Rows = rows,
            Attempt = (last?.Attempt ?? 0) + 1,
            Worker = worker,
            Crashes = last?.Phase is ShardPhase.Running ? ShardCrashes.AfterDeath(last.Crashes, rows) : last?.Crashes,
            UpdatedAt = time.GetUtcNow(),
        };
        shards.Write(jobId, status);
        WorkerMeter.ShardBegan(status.Attempt);
        return new ShardReport(shards, jobId, status, time, logger);
    }

    /// <summary>Counts a finished row; the next write tells it.</summary>
    public void Add(AnnotationRow row)
    {
        Interlocked.Increment(ref _done);
        if (row.Failure is { } failure)
        {
            Interlocked.Increment(ref _failed);
            _failures.AddOrUpdate(RowFailures.CodeOf(failure), 1, (_, count) => count + 1);
        }

        WorkerMeter.RowMade(row.Failure);
    }

    /// <summary>The suspected rows to work on now, and on nothing else; none if nothing is suspected any more.</summary>
    public int[] BeginTrial()
    {
        if (_status.Crashes is not { Suspects: > 0 } crashes)
        {
            return [];
        }

        AssertHeld();
        Tell(status => status with { Crashes = crashes.BeginTrial() });
        return [.. Enumerable.Range(crashes.From, _status.Crashes.OnTrial)];
    }

    /// <summary>The rows of the trial are made, and the worker lives.</summary>
    public void Acquit()
    {
        AssertHeld();
        Tell(status => status with { Crashes = status.Crashes!.Acquit() });
    }

    /// <exception cref="LeaseLostException">Another attempt has the shard.</exception>
    public void AssertHeld()
    {
        if (_shards.Find(_jobId, _status.Shard) is { } current && !IsOwn(current))
        {
            throw new LeaseLostException(
                $"Shard {_status.Shard} of job {_jobId} belongs to attempt {current.Attempt} of {current.Worker} now: attempt {Attempt} was taken for dead and does not commit.");
        }
    }

    /// <summary>Last word: the shard is done, by this attempt or by another that was faster.</summary>
    public async Task CommittedAsync(ShardCommit commit)
    {
        await DisposeAsync();
        _shards.Write(_jobId, _status with { Phase = ShardPhase.Committed, Crashes = _status.Crashes?.Adjourn(), Done = commit.Rows, FailedRows = commit.FailedRows, Failures = commit.Statistics?.Failures, UpdatedAt = _time.GetUtcNow() });
        WorkerMeter.ShardEnded(WorkerMeter.Committed);
    }

    /// <summary>Last word: the shard is handed back, to be begun anew.</summary>
    /// <returns>False if another attempt has the shard: then nothing was said.</returns>
    public async Task<bool> HandedBackAsync()
    {
        using var farewell = new CancellationTokenSource(s_farewell, _time);
        return await EndAsync(ShardPhase.Pending, null, farewell.Token);
    }

    /// <summary>Last word: this attempt failed. Waits for a storage that is down, since an attempt that ends without a word counts as its worker's death, and images are suspected of it.</summary>
    /// <param name="error">Why.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if another attempt has the shard: then nothing was said.</returns>
    public Task<bool> FailedAsync(string error, CancellationToken cancellationToken) => EndAsync(ShardPhase.Failed, error, cancellationToken);

    /// <summary>Stops the heartbeat; says nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await _beating;
            _stop.Dispose();
            _lost.Dispose();
        }
    }

    private async Task<bool> EndAsync(ShardPhase phase, string? error, CancellationToken cancellationToken)
    {
        await DisposeAsync();
        var untilTold = new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions { MaxRetryAttempts = MostTries, Delay = s_interval, BackoffType = DelayBackoffType.Constant })
            .Build();
        try
        {
            return await untilTold.ExecuteAsync(_ => ValueTask.FromResult(TellEnd(phase, error)), cancellationToken);
        }
        catch (Exception e)
        {
            // The heartbeat ends anyway, and why the attempt ended matters more than that it could not be told.
            Log.ReportFailed(_logger, e, _status.Shard, _jobId);
            return true;
        }
    }

    /// <summary>False for a worker that was taken for dead: it must not speak for the one that took over.</summary>
    private bool TellEnd(ShardPhase phase, string? error)
    {
        if (_shards.Find(_jobId, _status.Shard) is not { } current)
        {
            return true;
        }

        if (!IsOwn(current))
        {
            return false;
        }

        _shards.Write(_jobId, _status with { Phase = phase, Crashes = _status.Crashes?.Adjourn(), Done = 0, FailedRows = 0, Failures = null, Error = error, UpdatedAt = _time.GetUtcNow() });
        return true;
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                Beat();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Beat()
    {
        try
        {
            if (_shards.Find(_jobId, _status.Shard) is { } current && !IsOwn(current))
            {
                _lost.Cancel();
                return;
            }

            var now = _time.GetUtcNow();
            if (Volatile.Read(ref _done) != _status.Done || now - _status.UpdatedAt >= s_heartbeat)
            {
                Tell(status => status);
            }
        }
        catch (Exception e)
        {
            // The shard's result does not hang on the storage: the next beat tries again.
            Log.ReportFailed(_logger, e, _status.Shard, _jobId);
        }
    }

    private void Tell(Func<ShardStatus, ShardStatus> change)
    {
        lock (_writing)
        {
            var next = change(_status) with { Done = Volatile.Read(ref _done), FailedRows = Volatile.Read(ref _failed), Failures = _failures.ToDictionary(), UpdatedAt = _time.GetUtcNow() };
            _shards.Write(_jobId, next);
            _status = next;
        }
    }

    private bool IsOwn(ShardStatus current) => current.Attempt == _status.Attempt && current.Worker == _status.Worker;
}
