using Pipeline.Api.Dashboard;
using Pipeline.Api.Jobs;
using Pipeline.Api.Webhooks;
using Scalar.AspNetCore;

namespace Pipeline.Api.Hosting;

public static class ApiEndpoints
{
    /// <summary>Maps the API under /v1, its documents, the health probes and the dashboard; errors are problem+json (RFC 9457).</summary>
    public static WebApplication MapPipelineApi(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseExceptionHandler();
        app.UseStatusCodePages();

        app.MapJobs();
        app.MapWebhooks();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint().ExcludeFromDescription();
        app.MapOpenApi();
        app.MapScalarApiReference(OpenApi.Page, OpenApi.ConfigurePage);
        app.MapPipelineDashboard();
        app.MapGet("/", () => TypedResults.Redirect(DashboardEndpoints.Path)).ExcludeFromDescription();
        return app;
    }
}
