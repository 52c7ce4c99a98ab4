using System.Diagnostics;
using Hangfire.Server;
using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Scheduling;

namespace Pipeline.Worker.Telemetry;

/// <summary>Runs a shard in a trace of its own, with job and shard in every line that is logged meanwhile.</summary>
internal sealed class ObservedShardJob(IShardJob inner, ILogger logger) : IShardJob
{
    public async Task RunAsync(string jobId, int shard, PerformContext? context, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginScope(new Dictionary<string, object> { ["JobId"] = jobId, ["Shard"] = shard });

        // A trace a shard, whatever the thread did before.
        Activity.Current = null;
        using var trace = ShardTrace.Begin(jobId, shard);
        WorkerMeter.Running(1);
        try
        {
            await inner.RunAsync(jobId, shard, context, cancellationToken);
        }
        catch (Exception e)
        {
            WorkerMeter.ShardEnded(e switch
            {
                JobAbortedException => WorkerMeter.LeaseLost,
                OperationCanceledException => WorkerMeter.HandedBack,
                _ => WorkerMeter.Failed,
            });
            trace?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            throw;
        }
        finally
        {
            WorkerMeter.Running(-1);
        }
    }
}
