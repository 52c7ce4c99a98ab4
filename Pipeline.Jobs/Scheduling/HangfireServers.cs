using Hangfire;
using Hangfire.Common;
using Hangfire.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Hangfire servers as all processes run them.</summary>
public static class HangfireServers
{
    /// <summary>Hangfire adds the process's id.</summary>
    public static string NameOf(string queue) => $"{Environment.MachineName}:{queue}";

    /// <summary>A server, named after the last of its queues.</summary>
    /// <remarks>By hand, because AddHangfireServer gives every server all background processes.</remarks>
    public static IHostedService Create(IServiceProvider provider, string[] queues, int workers, IEnumerable<IBackgroundProcess> processes, TimeSpan? schedulePoll = null)
    {
        HangfireServiceCollectionExtensions.ThrowIfNotConfigured(provider);
        var options = new BackgroundJobServerOptions
        {
            ServerName = NameOf(queues[^1]),
            Queues = queues,
            WorkerCount = workers,
            Activator = provider.GetRequiredService<JobActivator>(),
            FilterProvider = provider.GetRequiredService<IJobFilterProvider>(),
            SchedulePollingInterval = schedulePoll ?? StorageTimings.QueuePoll,
            CancellationCheckInterval = TimeSpan.FromSeconds(1),

            // Jobs hear of a stop at once and hand back within a second or two. Together these stay below the storage's
            // invisibility timeout, after which another worker would take a draining worker's shard.
            StopTimeout = TimeSpan.FromSeconds(1),
            ShutdownTimeout = StorageTimings.Invisibility / 2,
        };
        return new BackgroundJobServerHostedService(
            provider.GetRequiredService<JobStorage>(), options, processes, provider.GetRequiredService<IHostApplicationLifetime>());
    }
}
