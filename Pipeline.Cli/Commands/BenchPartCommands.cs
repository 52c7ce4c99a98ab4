using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Api.Hosting;
using Pipeline.Cli.Benchmarks;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Model.Engine;
using Pipeline.Worker.Decoding;
using Pipeline.Worker.Hosting;
using Pipeline.Worker.Models;

namespace Pipeline.Cli.Commands;

/// <summary>The hidden verbs that <c>bench pipeline</c>, <c>bench load</c> and <c>bench eta</c> start as processes of their own.</summary>
internal static class BenchPartCommands
{
    public const string Worker = "pipeline-worker", Plan = "pipeline-plan", Api = "pipeline-api";

    public static IEnumerable<Command> Create()
    {
        var latency = new Option<double?>("--latency");
        var slots = new Option<int>("--slots");
        var real = new Option<bool>("--real");
        var worker = new Command(Worker) { latency, slots, real };
        worker.Hidden = true;
        worker.SetAction((parsed, cancellationToken) => WorkAsync(parsed.GetValue(latency), parsed.GetValue(slots), parsed.GetValue(real), cancellationToken));

        var spec = new Option<string>("--spec") { Required = true };
        var plan = new Command(Plan) { spec };
        plan.Hidden = true;
        plan.SetAction((parsed, cancellationToken) => PlanAsync(parsed.GetRequiredValue(spec), cancellationToken));

        var url = new Option<string>("--url") { Required = true };
        var api = new Command(Api) { url };
        api.Hidden = true;
        api.SetAction((parsed, cancellationToken) => AnswerAsync(parsed.GetRequiredValue(url), cancellationToken));
        return [worker, plan, api];
    }

    /// <param name="latency">Seconds that an answer takes; null: as long as the engine does.</param>
    /// <param name="slots">Answers of such a model at a time.</param>
    /// <param name="isReal">Whether the engine answers, and not a model that only takes time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private static async Task<int> WorkAsync(double? latency, int slots, bool isReal, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddEnvironmentVariables("PIPELINE_");
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddPipelineStorage(builder.Configuration);
        builder.Services.AddPipelineWorker(builder.Configuration);
        if (latency is { } seconds)
        {
            builder.Services.AddSingleton<ModelLoader>(provider => async (folder, stop) => new LoadedModel(folder, await ModelRevision.ComputeAsync(folder, stop), isReal
                ? new PacedAnnotator(await EngineAnnotator.LoadAsync(folder, new EngineOptions(), provider.GetRequiredService<DecoderPool>(), stop), TimeSpan.FromSeconds(seconds), slots)
                : new SyntheticAnnotator(TimeSpan.FromSeconds(seconds), slots)));
        }

        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return await BenchProcess.ServeAsync(async () =>
        {
            await Console.In.ReadToEndAsync(cancellationToken);
            await host.StopAsync(cancellationToken);
        });
    }

    /// <summary>The API by itself, without what it logs: that is not the benchmark's to read.</summary>
    private static async Task<int> AnswerAsync(string url, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddEnvironmentVariables("PIPELINE_");
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseUrls(url);
        builder.Services.AddPipelineStorage(builder.Configuration, StorageTimings.SeldomPoll);
        builder.Services.AddPipelineApi(builder.Configuration);
        builder.Logging.AddFilter("Pipeline.Audit", LogLevel.Error);
        await using var app = builder.Build();
        app.MapPipelineApi();
        await app.StartAsync(cancellationToken);
        return await BenchProcess.ServeAsync(async () =>
        {
            await Console.In.ReadToEndAsync(cancellationToken);
            await app.StopAsync(cancellationToken);
        });
    }

    private static async Task<int> PlanAsync(string spec, CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables("PIPELINE_").Build();
        using var stores = new ObjectStores(S3Options.From(configuration), TimeProvider.System);
        var job = JobSpecReader.Read(await File.ReadAllTextAsync(spec, cancellationToken)).Spec;
        return await BenchProcess.ServeAsync(() => new Planner(stores).PlanAsync(JobId.Of(job), job, cancellationToken));
    }
}
