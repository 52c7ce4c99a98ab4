using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Storage;
using Pipeline.Worker.Telemetry;

namespace Pipeline.Worker.Shards;

/// <summary>Waits for a store that is in trouble or full, so that an outage delays a shard and does not cost it the rows that are made already.</summary>
/// <param name="longest">Wait in all; after it the shard fails and is tried again later.</param>
/// <param name="time">Of the waits.</param>
/// <param name="logger">Is told of each wait.</param>
internal sealed class StorePatience(TimeSpan longest, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    /// <summary>A point in time, for <see cref="IsOverSince"/>.</summary>
    public long Now => time.GetTimestamp();

    public bool IsOverSince(long start) => time.GetElapsedTime(start) >= longest;

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken) => RunAsync(
        async token =>
        {
            await action(token);
            return true;
        },
        cancellationToken);

    /// <summary>Does it again and again while the store cannot.</summary>
    /// <exception cref="ObjectStoreException">It refuses for good, or patience is over.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        var start = Now;
        for (var pause = s_firstPause; ; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            try
            {
                return await action(cancellationToken);
            }
            catch (ObjectStoreException e) when ((e.IsTransient || e.Fault is ObjectStoreFault.Full) && !IsOverSince(start))
            {
                WorkerMeter.StoreWait();
                Log.StoreInTrouble(logger, e.Uri, pause.TotalSeconds, FirstLine.Of(e));
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }
}
