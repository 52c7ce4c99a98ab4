using Hangfire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pipeline.Worker.Devices;

namespace Pipeline.Worker.Hosting;

/// <summary>Probes of a worker that runs by itself, for whoever supervises the process.</summary>
public static class WorkerHealth
{
    private const string Ready = "worker";

    public static IServiceCollection AddPipelineWorkerHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<ServersHealthCheck>(Ready, tags: [Ready]);
        return services;
    }

    /// <summary><c>/healthz</c>: the process answers, as a restart brings no lost database back. <c>/readyz</c>: it takes work.</summary>
    public static void MapPipelineWorkerHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/readyz", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) });
    }
}

/// <summary>Healthy if the storage answers within five seconds and has heard of all Hangfire servers of this process and of those for other devices: one that falls silent is forgotten after five minutes.</summary>
internal sealed class ServersHealthCheck(JobStorage storage, TimeProvider time, DeviceFleet? fleet = null) : IHealthCheck
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // Hangfire's storage interface is synchronous; a hanging database must not hang the probe.
            var servers = await Task.Run(() => storage.GetMonitoringApi().Servers(), cancellationToken).WaitAsync(s_patience, time, cancellationToken);
            IReadOnlyCollection<int> others = fleet?.ProcessIds ?? [];
            if (others.Count < fleet?.Count)
            {
                return HealthCheckResult.Unhealthy($"{fleet.Count - others.Count} of the {fleet.Count} workers for other devices are being started.");
            }

            var names = others.Prepend(Environment.ProcessId).SelectMany(process => WorkerServices.ServerNames.Select(name => $"{name}:{process}:")).ToList();
            var silent = names.Where(name => !servers.Any(server => server.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase))).ToList();
            return silent.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"The job storage has not heard of {string.Join(", ", silent)}.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The job storage does not answer.", e);
        }
    }
}
