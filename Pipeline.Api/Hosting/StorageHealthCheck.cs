using Hangfire;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Pipeline.Api.Hosting;

/// <summary>Healthy if the job storage answers within five seconds.</summary>
internal sealed class StorageHealthCheck(JobStorage storage, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // Hangfire's storage interface is synchronous; a hanging database must not hang the probe.
            await Task.Run(() => storage.GetMonitoringApi().Servers(), cancellationToken).WaitAsync(s_patience, time, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The job storage does not answer.", e);
        }
    }
}
