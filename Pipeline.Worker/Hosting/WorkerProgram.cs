using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Telemetry;
using Pipeline.Model.Engine;
using Pipeline.Worker.Devices;

namespace Pipeline.Worker.Hosting;

/// <summary>The worker by itself: does the work of jobs that an API on the same storage took in.</summary>
internal static class WorkerProgram
{
    private const string MetricsPath = "/metrics";

    /// <returns>Exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            await using var app = Create(arguments);
            app.Services.AssertUsable();
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is StorageException or OptionsValidationException or FormatException)
        {
            // The configuration is wrong, and the message says what to mend; a stack trace would only hide it.
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static WebApplication Create(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.Configuration.AddEnvironmentVariables("PIPELINE_").AddCommandLine(arguments, new Dictionary<string, string> { ["--device"] = $"{WorkerServices.EngineSection}:{nameof(EngineOptions.Device)}" });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.UseKestrel(kestrel => kestrel.AddServerHeader = false);
        if (builder.Configuration["urls"] is null)
        {
            // Several workers may share a machine: each answers probes and scrapes on a port of its own, which its log names.
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        }

        builder.Services.AddPipelineStorage(builder.Configuration);
        builder.Services.AddPipelineWorker(builder.Configuration);
        builder.Services.AddPipelineWorkerHealth();
        if (builder.Configuration[ParentWatch.Key] is not null)
        {
            builder.Services.AddHostedService<ParentWatch>();
        }

        builder.Services.AddPipelineTelemetry(builder.Configuration, "pipeline-worker");
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddPrometheusExporter());

        var app = builder.Build();
        app.UseMetricsAccess(MetricsPath);
        app.MapPipelineWorkerHealth();
        app.MapPrometheusScrapingEndpoint(MetricsPath);
        return app;
    }
}
