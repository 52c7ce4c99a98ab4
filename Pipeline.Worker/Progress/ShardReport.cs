using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.State;

namespace Pipeline.Worker.Progress;

/// <summary>Tells the job storage how far one attempt of a shard got, and that it lives.</summary>
internal sealed class ShardReport : IAsyncDisposable
{
    /// <summary>One write a second and shard is what a storage bears for many workers.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>Between writes of a shard that gets no further (a slow image, a model being loaded): a sixth of <see cref="StorageTimings.ShardHeartbeat"/>.</summary>
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(10);

    private readonly ShardStore _shards;
    private readonly string _jobId;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _beating;
    private ShardStatus _status;
    private int _done;
    private int _failed;

    private ShardReport(ShardStore shards, string jobId, ShardStatus status, TimeProvider time, ILogger logger)
    {
        (_shards, _jobId, _status, _time, _logger) = (shards, jobId, status, time, logger);
        _beating = BeatAsync(_stop.Token);
    }

    public int Attempt => _status.Attempt;

    /// <summary>Counts a new attempt, which the storage knows before any work starts.</summary>
    public static ShardReport Begin(ShardStore shards, string jobId, int shard, int rows, string worker, TimeProvider time, ILogger logger)
    {
        var status = new ShardStatus
        {
            Shard = shard,
            Phase = ShardPhase.Running,
            Rows = rows,
            Attempt = (shards.Find(jobId, shard)?.Attempt ?? 0) + 1,
            Worker = worker,
            UpdatedAt = time.GetUtcNow(),
        };
        shards.Write(jobId, status);
        return new ShardReport(shards, jobId, status, time, logger);
    }

    /// <summary>Counts a finished row; the next write tells it.</summary>
    public void Add(AnnotationRow row)
    {
        Interlocked.Increment(ref _done);
        if (row.Failure is not null)
        {
            Interlocked.Increment(ref _failed);
        }
    }

    /// <summary>Last word: the shard is done, by this attempt or by another that was faster.</summary>
    public async Task CommittedAsync(ShardCommit commit)
    {
        await DisposeAsync();
        _shards.Write(_jobId, _status with { Phase = ShardPhase.Committed, Done = commit.Rows, FailedRows = commit.FailedRows, UpdatedAt = _time.GetUtcNow() });
    }

    /// <summary>Last word: the shard is handed back, to be begun anew.</summary>
    public Task HandedBackAsync() => EndAsync(ShardPhase.Pending, null);

    /// <summary>Last word: this attempt failed.</summary>
    public Task FailedAsync(string error) => EndAsync(ShardPhase.Failed, error);

    /// <summary>Stops the heartbeat; says nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await _beating;
            _stop.Dispose();
        }
    }

    private async Task EndAsync(ShardPhase phase, string? error)
    {
        await DisposeAsync();
        try
        {
            // A worker that was taken for dead must not speak for the one that took over.
            if (_shards.Find(_jobId, _status.Shard) is { } current && current.Attempt == _status.Attempt)
            {
                _shards.Write(_jobId, _status with { Phase = phase, Done = 0, FailedRows = 0, Error = error, UpdatedAt = _time.GetUtcNow() });
            }
        }
        catch (Exception e)
        {
            // The heartbeat ends anyway, and why the attempt ended matters more than that it could not be told.
            Log.ReportFailed(_logger, e, _status.Shard, _jobId);
        }
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
        var now = _time.GetUtcNow();
        var (done, failed) = (Volatile.Read(ref _done), Volatile.Read(ref _failed));
        if (done == _status.Done && now - _status.UpdatedAt < s_heartbeat)
        {
            return;
        }

        _status = _status with { Done = done, FailedRows = failed, UpdatedAt = now };
        try
        {
            _shards.Write(_jobId, _status);
        }
        catch (Exception e)
        {
            // The shard's result does not hang on the storage: the next beat tries again.
            Log.ReportFailed(_logger, e, _status.Shard, _jobId);
        }
    }
}
