using Hangfire.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pipeline.Jobs.Cards;
using Pipeline.Jobs.Duplicates;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Scheduling;
using Pipeline.Model.Engine;
using Pipeline.Worker.Decoding;
using Pipeline.Worker.Devices;
using Pipeline.Worker.Models;
using Pipeline.Worker.Shards;
using Pipeline.Worker.Telemetry;

namespace Pipeline.Worker.Hosting;

public static class WorkerServices
{
    /// <summary>Configuration section of <see cref="EngineOptions"/>: <c>Engine:MaxNumSeqs</c> and so on.</summary>
    public const string EngineSection = "Engine";

    /// <summary>Planning and finalizing at a time; they mostly wait for the store.</summary>
    private const int ControlWorkers = 2;

    /// <summary>Shards of urgent jobs at a time, beside the others: their images join the same batches, so nothing is lost while it is idle.</summary>
    private const int ExpressWorkers = 1;

    /// <summary>Names of the process's three Hangfire servers; Hangfire adds the process's id.</summary>
    internal static IEnumerable<string> ServerNames => new[] { Queues.Control, Queues.Shards, Queues.Express }.Select(HangfireServers.NameOf);

    /// <summary>
    /// Adds what does the work of jobs: Hangfire servers for planning and for shards, the reconciler, and the model. Needs
    /// <c>AddPipelineStorage</c>. Options are checked when the host
    /// starts, those of the engine against the model when it is loaded.
    /// </summary>
    public static IServiceCollection AddPipelineWorker(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WorkerOptions>().Bind(configuration.GetSection(WorkerOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WorkerOptions>, WorkerOptionsValidator>();
        services.AddOptions<EngineOptions>().Bind(configuration.GetSection(EngineSection)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EngineOptions>, DeviceValidator>();
        services.AddSingleton<DeviceFleet>();
        services.AddHostedService(provider => provider.GetRequiredService<DeviceFleet>());
        services.AddSingleton(Decoders);
        services.AddSingleton<ModelLoader>(provider => Loader(
            provider.GetRequiredService<DecoderPool>(), provider.GetRequiredService<IOptions<EngineOptions>>().Value));
        services.AddSingleton<EngineHost>();
        services.AddSingleton<ReusedDatasets>();
        services.AddTransient<ShardRunner>();
        services.AddTransient<IShardJob>(provider => new ObservedShardJob(provider.GetRequiredService<ShardRunner>(), provider.GetRequiredService<ILogger<ShardRunner>>()));
        services.AddHostedService<ShardLimit>();
        services.AddSingleton<ImageFingerprints>();
        services.AddSingleton<Fingerprinter>(provider => provider.GetRequiredService<ImageFingerprints>().OfAsync);
        services.AddSingleton<CardThumbnails>();
        services.AddSingleton<ThumbnailMaker>(provider => provider.GetRequiredService<CardThumbnails>().MakeAsync);
        services.AddSingleton<ModelSamples>();
        services.AddSingleton<SampleAnswers>(provider => provider.GetRequiredService<ModelSamples>().MakeAsync);
        services.AddPipelineScheduling();

        // Three servers, so that neither planning nor an urgent job waits for a worker that is minutes deep in a shard; the reconciler lives in the first.
        services.AddSingleton<IHostedService>(provider => HangfireServers.Create(provider, [Queues.Control], ControlWorkers, provider.GetServices<IBackgroundProcess>()));
        services.AddSingleton<IHostedService>(provider => HangfireServers.Create(
            provider, [Queues.Resumed, Queues.Shards], provider.GetRequiredService<IOptions<WorkerOptions>>().Value.ConcurrentShards, []));
        services.AddSingleton<IHostedService>(provider => HangfireServers.Create(provider, [Queues.Express], ExpressWorkers, []));
        return services;
    }

    private static DecoderPool Decoders(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<WorkerOptions>>().Value;
        return new DecoderPool(
            DecoderSettings.From(options), options.DecodeThreads, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<DecoderPool>>());
    }

    private static ModelLoader Loader(DecoderPool decoders, EngineOptions limits) => async (folder, cancellationToken) => new LoadedModel(
        folder,
        await ModelRevision.ComputeAsync(folder, cancellationToken),
        await EngineAnnotator.LoadAsync(folder, limits, decoders, cancellationToken));
}
