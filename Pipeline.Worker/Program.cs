using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Pipeline.Jobs.State;
using Pipeline.Worker.Hosting;

// The worker by itself: does the work of jobs that an API on the same storage took in.
var builder = Host.CreateApplicationBuilder(args);
builder.Configuration.AddEnvironmentVariables("PIPELINE_").AddCommandLine(args);
builder.Services.AddPipelineStorage(builder.Configuration);
builder.Services.AddPipelineWorker(builder.Configuration);
await builder.Build().RunAsync();
