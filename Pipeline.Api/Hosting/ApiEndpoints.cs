using Pipeline.Api.Access;
using Pipeline.Api.Dashboard;
using Pipeline.Api.Jobs;
using Pipeline.Api.Webhooks;
using Pipeline.Jobs.Access;
using Scalar.AspNetCore;

namespace Pipeline.Api.Hosting;

public static class ApiEndpoints
{
    /// <summary>Tells callers apart, and maps the API under /v1, its documents, the health probes and the dashboard; errors are problem+json (RFC 9457).</summary>
    public static WebApplication MapPipelineApi(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseMiddleware<AuditLog>();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UsePipelineAccess();

        app.MapJobs();
        app.MapWebhooks();
        app.MapKeys();
        app.MapTenants();
        app.MapSignIn();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint().RequireAuthorization(Scopes.Metrics).ExcludeFromDescription();
        app.MapOpenApi().RequireAuthorization(Scopes.Read);
        app.MapScalarApiReference(OpenApi.Page, OpenApi.ConfigurePage).RequireAuthorization(Scopes.Read);
        app.MapPipelineDashboard();
        app.MapGet("/", () => TypedResults.Redirect(DashboardEndpoints.Path)).RequireAuthorization(Scopes.Read).ExcludeFromDescription();
        return app;
    }
}
