using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Pipeline.Worker.Hosting;

namespace Pipeline.Worker.Telemetry;

/// <summary>Tells how many shards the process may work on, for as long as it does.</summary>
internal sealed class ShardLimit(IOptions<WorkerOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        WorkerMeter.Arrived(options.Value.ConcurrentShards);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        WorkerMeter.Left(options.Value.ConcurrentShards);
        return Task.CompletedTask;
    }
}
