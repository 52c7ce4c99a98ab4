using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Pipeline.Jobs.Telemetry;

public static class TelemetryServices
{
    /// <summary>Set, as OpenTelemetry has it, to the address of a collector: metrics, traces and logs are sent there. Nothing is sent without.</summary>
    public const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Most series of one instrument: a job adds some to its gauges for as long as it is active.</summary>
    private const int MostSeries = 10_000;

    private static readonly string[] s_frameworkMeters = ["System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql"];

    /// <summary>Collects metrics and traces of the product, the runtime, the web server and the database's client. Once a process; who shows metrics adds an exporter.</summary>
    /// <param name="services">Of the host.</param>
    /// <param name="configuration">May name a collector: <see cref="OtlpEndpoint"/>.</param>
    /// <param name="service">Name of the process among the services: "pipeline-api".</param>
    public static IServiceCollection AddPipelineTelemetry(this IServiceCollection services, IConfiguration configuration, string service)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service, serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}"))
            .WithMetrics(metrics => metrics
                .AddMeter(TelemetryNames.Prefix + "*")
                .AddMeter(s_frameworkMeters)
                .AddView(instrument => instrument.Meter.Name.StartsWith(TelemetryNames.Prefix, StringComparison.Ordinal)
                    ? new MetricStreamConfiguration { CardinalityLimit = MostSeries }
                    : null))
            .WithTracing(traces => traces.AddSource(TelemetryNames.Prefix + "*"));
        if (!string.IsNullOrEmpty(configuration[OtlpEndpoint]))
        {
            telemetry.WithLogging(null, logs => logs.IncludeScopes = true).UseOtlpExporter();
        }

        return services;
    }

    /// <summary>Publishes how far jobs got and how big their database is. Needs <c>AddPipelineStorage</c>.</summary>
    public static IServiceCollection AddPipelineGauges(this IServiceCollection services) =>
        services.AddHostedService<JobGauges>().AddHostedService<DatabaseGauges>();
}
