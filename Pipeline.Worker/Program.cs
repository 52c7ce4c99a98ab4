using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Telemetry;
using Pipeline.Worker.Hosting;

// The worker by itself: does the work of jobs that an API on the same storage took in.
var builder = WebApplication.CreateBuilder(args);
builder.Configuration.AddEnvironmentVariables("PIPELINE_").AddCommandLine(args);
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
builder.Services.AddPipelineTelemetry(builder.Configuration, "pipeline-worker");
builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddPrometheusExporter());

var app = builder.Build();
app.MapPipelineWorkerHealth();
app.MapPrometheusScrapingEndpoint();
await app.RunAsync();
