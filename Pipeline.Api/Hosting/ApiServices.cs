using System.Text.Json;
using System.Text.Json.Serialization;
using OpenTelemetry.Metrics;
using Pipeline.Api.Access;
using Pipeline.Api.Dashboard;
using Pipeline.Api.Jobs;
using Pipeline.Jobs.Access;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Telemetry;
using Pipeline.Jobs.Tenants;
using Pipeline.Jobs.Webhooks;

namespace Pipeline.Api.Hosting;

public static class ApiServices
{
    /// <summary>
    /// Adds the REST API, its OpenAPI document and the dashboard. Needs <c>AddPipelineStorage</c>; <c>MapPipelineApi</c> maps
    /// what is added here. A worker may live in the same process.
    /// </summary>
    public static IServiceCollection AddPipelineApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineSubmission();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, JobJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(1, WebhookJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(2, AccessJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(3, TenantJson.Default);
        });
        services.AddPipelineAccess(configuration);
        services.AddSingleton<AuditLog>();
        services.AddPipelineWebhooks();
        services.AddSingleton<JobEvents>();
        services.AddMemoryCache();
        services.AddSingleton<RowThumbnails>();
        services.AddSingleton<JobLooks>();
        // Without it the dashboard asks for no token, and any web page could press its buttons behind a person's back.
        services.AddAntiforgery();
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Problems.Complete);
        // Parameters that cannot be read are told by the exception handler, in every environment alike.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.AddPipelineOpenApi();
        services.AddPipelineGauges();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddPrometheusExporter());
        services.AddHealthChecks().AddCheck<StorageHealthCheck>("storage", tags: [Health.Ready]);
        return services;
    }
}
