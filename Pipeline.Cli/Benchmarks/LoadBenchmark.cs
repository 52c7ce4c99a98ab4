using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Pipeline.Cli.Client;
using Pipeline.Cli.Commands;
using Pipeline.Jobs.Access;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;

namespace Pipeline.Cli.Benchmarks;

/// <summary>Many callers of one API process that asks them who they are, while a worker process runs their jobs and larger ones.</summary>
internal sealed class LoadBenchmark(LoadSettings settings, ObjectStores stores, string model, Action<string> log)
{
    private const int SmallImages = 4, LargeJobs = 4, ImageBytes = 20_000, Busy = 20;

    /// <summary>The administrator is one caller too, and may make ten keys a second.</summary>
    private static readonly TimeSpan s_betweenKeys = TimeSpan.FromMilliseconds(120);

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5), s_patience = TimeSpan.FromMinutes(10);

    public async Task<LoadReport> RunAsync(CancellationToken cancellationToken)
    {
        await UploadAsync(cancellationToken);
        var admin = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var server = new Uri($"http://127.0.0.1:{FreePort()}");
        using var api = await BenchProcess.StartAsync(
            new Dictionary<string, string> { ["PIPELINE_AUTH__ADMINKEY"] = admin }, ["bench", BenchPartCommands.Api, "--url", server.ToString()], cancellationToken);
        using var worker = await BenchProcess.StartAsync(new Dictionary<string, string>(), ["bench", BenchPartCommands.Worker, "--latency", "0.2", "--slots", "8"], cancellationToken);
        using var administrator = new ApiClient(server, admin);
        var large = new List<string>();
        foreach (var index in Enumerable.Range(0, LargeJobs))
        {
            large.Add((await administrator.SubmitAsync(Spec($"large-{index}", "images", shardSize: 10), null, cancellationToken)).Id);
        }

        var answers = new ConcurrentQueue<LoadAnswer>();
        var memory = new List<long>();
        var clients = new List<LoadClient>();
        foreach (var index in Enumerable.Range(0, settings.Clients))
        {
            var key = await administrator.CreateKeyAsync(new ApiKeyRequest { Name = $"client {index}", Scopes = [Scopes.Submit] }, cancellationToken);
            await Task.Delay(s_betweenKeys, cancellationToken);
            clients.Add(new LoadClient(
                server, key.Key!, index, index % Busy == 0 ? TimeSpan.Zero : settings.Pause, large, name => Spec($"small-{name}", "few", shardSize: 2), answers.Enqueue));
        }

        log($"{clients.Count} clients ask for {settings.Duration.TotalSeconds:0} s");
        using (var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            over.CancelAfter(settings.Duration);
            await Task.WhenAll([.. clients.Select(client => client.RunAsync(over.Token)), MeasureAsync(api, memory, over.Token)]);
        }

        clients.ForEach(client => client.Dispose());
        log($"{answers.Count:N0} requests were answered; their jobs go on to their end");
        var (jobs, images, faults) = await FinishAsync(administrator, cancellationToken);
        await worker.EndAsync(cancellationToken);
        await api.EndAsync(cancellationToken);
        return new LoadReport([.. answers], memory, jobs, images, faults);
    }

    private async Task UploadAsync(CancellationToken cancellationToken)
    {
        var bytes = RandomNumberGenerator.GetBytes(ImageBytes);
        var store = stores.Open(settings.Folder);
        foreach (var name in Enumerable.Range(0, settings.Images).Select(index => $"images/{index:0000}.jpg").Concat(Enumerable.Range(0, SmallImages).Select(index => $"few/{index}.jpg")))
        {
            using var content = new MemoryStream(bytes);
            await store.PutAsync(name, content, cancellationToken);
        }
    }

    private static async Task MeasureAsync(BenchProcess process, List<long> memory, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(s_look, cancellationToken);
                memory.Add(process.ResidentBytes());
            }
        }
        catch (OperationCanceledException)
        {
            // The clients have gone.
        }
    }

    /// <summary>Every job that anybody submitted, at its end.</summary>
    private async Task<(int Jobs, long Images, IReadOnlyList<string> Faults)> FinishAsync(ApiClient api, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var jobs = await api.ListAllAsync(cancellationToken);
            var open = jobs.Count(job => job.State is not (JobState.Completed or JobState.CompletedWithErrors or JobState.Failed or JobState.Cancelled));
            if (open == 0 || Stopwatch.GetElapsedTime(start) > s_patience)
            {
                return (jobs.Count, jobs.Sum(job => job.Images.Done), [.. jobs
                    .Where(job => job.State is not JobState.Completed || job.Images.Done != (job.Spec.Source.EndsWith("/few", StringComparison.Ordinal) ? SmallImages : settings.Images))
                    .Select(job => $"{job.Id} is {job.State} with {job.Images.Done} images: {job.Error}")]);
            }

            await Task.Delay(s_look, cancellationToken);
        }
    }

    private string Spec(string name, string source, int shardSize) => JobSpecJson.Write(new JobSpec
    {
        Source = $"{settings.Folder}/{source}",
        Output = $"{settings.Folder}/{name}",
        Model = model,
        Caption = "Describe the image.",
        ShardSize = shardSize,
    });

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
