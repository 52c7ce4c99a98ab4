using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Cli.Benchmarks;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Worker.Hosting;
using Pipeline.Worker.Models;

namespace Pipeline.Cli.Commands;

/// <summary>The hidden verbs that <c>bench pipeline</c> starts as processes of their own.</summary>
internal static class BenchPartCommands
{
    public const string Worker = "pipeline-worker", Plan = "pipeline-plan";

    public static IEnumerable<Command> Create()
    {
        var latency = new Option<double>("--latency");
        var slots = new Option<int>("--slots");
        var worker = new Command(Worker) { latency, slots };
        worker.Hidden = true;
        worker.SetAction((parsed, cancellationToken) => WorkAsync(TimeSpan.FromSeconds(parsed.GetValue(latency)), parsed.GetValue(slots), cancellationToken));

        var spec = new Option<string>("--spec") { Required = true };
        var plan = new Command(Plan) { spec };
        plan.Hidden = true;
        plan.SetAction((parsed, cancellationToken) => PlanAsync(parsed.GetRequiredValue(spec), cancellationToken));
        return [worker, plan];
    }

    private static async Task<int> WorkAsync(TimeSpan latency, int slots, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddEnvironmentVariables("PIPELINE_");
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddPipelineStorage(builder.Configuration);
        builder.Services.AddPipelineWorker(builder.Configuration);
        builder.Services.AddSingleton<ModelLoader>(async (folder, stop) =>
            new LoadedModel(folder, await ModelRevision.ComputeAsync(folder, stop), new SyntheticAnnotator(latency, slots)));
        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return await BenchProcess.ServeAsync(async () =>
        {
            await Console.In.ReadToEndAsync(cancellationToken);
            await host.StopAsync(cancellationToken);
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
