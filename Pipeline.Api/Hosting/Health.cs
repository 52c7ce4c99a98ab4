using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace Pipeline.Api.Hosting;

/// <summary>Probes for whoever supervises the process.</summary>
internal static class Health
{
    public const string Ready = "ready";

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        // Live means that the process answers: a restart would not bring a lost database back.
        app.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous().DisableRateLimiting();
        app.MapHealthChecks("/readyz", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) }).AllowAnonymous().DisableRateLimiting();
    }
}
