using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Pipeline.Jobs.State;
using Pipeline.Worker.Hosting;

// The worker by itself: does the work of jobs that an API on the same storage took in.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Configuration.AddEnvironmentVariables("PIPELINE_").AddCommandLine(args);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.WebHost.UseKestrel(kestrel => kestrel.AddServerHeader = false);
if (builder.Configuration["urls"] is null)
{
    // Several workers may share a machine: each answers probes on a port of its own, which its log names.
    builder.WebHost.UseUrls("http://127.0.0.1:0");
}

builder.Services.AddPipelineStorage(builder.Configuration);
builder.Services.AddPipelineWorker(builder.Configuration);
builder.Services.AddPipelineWorkerHealth();

var app = builder.Build();
app.MapPipelineWorkerHealth();
await app.RunAsync();
