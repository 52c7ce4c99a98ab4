using System.Data.Common;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pipeline.Cli.Tests.Processes;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.TestServers;

namespace Pipeline.Cli.Tests.Crashes;

/// <summary>One job on a database of its own, worked on by real worker processes whose way to the store leads over a proxy of its own.</summary>
internal sealed class CrashRun : IAsyncDisposable
{
    public const int Images = 10, ShardSize = 4, Shards = 3;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private readonly FaultyProxy _proxy;
    private readonly Dictionary<string, string> _settings;
    private readonly IHost _host;
    private readonly string _bucket;
    private readonly string _name;
    private readonly List<PipelineProcess> _workers = [];

    private CrashRun(FaultyProxy proxy, Dictionary<string, string> settings, string bucket, string name)
    {
        (_proxy, _settings, _bucket, _name) = (proxy, settings, bucket, name);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key["PIPELINE_".Length..].Replace("__", ":"), (string?)setting.Value)));
        builder.Services.AddPipelineStorage(builder.Configuration);
        builder.Services.AddPipelineSubmission();
        _host = builder.Build();
    }

    /// <param name="servers">Of the test.</param>
    /// <param name="name">Of this run: its folder in the bucket.</param>
    /// <param name="cancellationToken">Stops starting.</param>
    public static async Task<CrashRun> StartAsync(CrashServers servers, string name, CancellationToken cancellationToken)
    {
        var proxy = await FaultyProxy.StartAsync(servers.S3.Endpoint, cancellationToken);
        return new CrashRun(proxy, new Dictionary<string, string>
        {
            ["PIPELINE_STORAGE"] = "postgres",
            ["PIPELINE_CONNECTIONSTRINGS__HANGFIRE"] = await servers.Postgres.CreateDatabaseAsync(cancellationToken),
            ["PIPELINE_S3__ENDPOINT"] = proxy.Endpoint.AbsoluteUri,
            ["PIPELINE_S3__ACCESSKEY"] = servers.S3.AccessKey,
            ["PIPELINE_S3__SECRETKEY"] = servers.S3.SecretKey,
        }, servers.Bucket, name);
    }

    /// <summary>Called for each request of any process of this run, in words of <see cref="WireStep"/>.</summary>
    public Func<string, ProxyFault?> OnStep
    {
        set => _proxy.FaultOf = request => value(WireStep.Of(request, _name));
    }

    /// <summary>Called for each request of any process of this run; in place of <see cref="OnStep"/>.</summary>
    public Func<HttpRequest, ProxyFault?> OnRequest
    {
        set => _proxy.FaultOf = value;
    }

    /// <summary>A job over the images of <see cref="CrashServers"/>.</summary>
    public JobSpec Spec => new()
    {
        Source = $"s3://{_bucket}/images",
        Output = $"s3://{_bucket}/{_name}",
        Model = Path.Combine(Repository.Root, "models", "dragonfly-tiny-v2"),
        Questions = [new Question { Id = "red", Text = "Is it red?", Kind = QuestionKind.YesNo }],
        ShardSize = ShardSize,
    };

    /// <summary>Submits the job, again and again while a server is down: that is a no-op once it is known.</summary>
    public Task<string> SubmitAsync(CancellationToken cancellationToken) => SubmitAsync(Spec, cancellationToken);

    /// <summary>The same with another spec.</summary>
    public async Task<string> SubmitAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        while (true)
        {
            try
            {
                return (await _host.Services.GetRequiredService<JobSubmission>().SubmitAsync(spec, patience.Token)).Job.Id;
            }
            catch (Exception e) when (IsOfServers(e))
            {
                await Task.Delay(s_look, patience.Token);
            }
        }
    }

    /// <summary>A worker process. It is killed with the run.</summary>
    public PipelineProcess StartWorker(params string[] arguments)
    {
        var worker = Start("Pipeline.Worker", arguments);
        _workers.Add(worker);
        return worker;
    }

    /// <summary>An API process on any free port, and the address of its jobs. The caller disposes it.</summary>
    public async Task<(PipelineProcess Api, Uri Jobs)> StartApiAsync()
    {
        const string Listening = "Now listening on: ";
        var api = Start("Pipeline.Api", "--urls", "http://127.0.0.1:0");
        await api.UntilAsync(() => api.Output.Contains(Listening, StringComparison.Ordinal));
        var line = api.Output.Split('\n').First(line => line.Contains(Listening, StringComparison.Ordinal));
        return (api, new Uri(new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]), "v1/jobs"));
    }

    /// <summary>The job's spec, as it is posted.</summary>
    public StringContent Body() => Body(Spec);

    public static StringContent Body(JobSpec spec) => new(JobSpecJson.Write(spec), Encoding.UTF8, "application/json");

    /// <summary>Workers that run.</summary>
    public IReadOnlyList<PipelineProcess> Workers => [.. _workers.Where(worker => !worker.HasExited)];

    private PipelineProcess Start(string project, params string[] arguments) =>
        PipelineProcess.Start(Path.GetTempPath(), _settings, "dotnet", [Path.Combine(PipelineProcess.Bin(project), $"{project}.dll"), .. arguments]);

    /// <summary>SIGKILL to all of them.</summary>
    public Task KillWorkersAsync() => Task.WhenAll(_workers.ToArray().Where(worker => !worker.HasExited).Select(worker => worker.KillAsync()));

    /// <summary>Keeps a worker running, as a supervisor would, until the job has ended.</summary>
    public async Task<JobRecord> FollowAsync(string jobId, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        while (true)
        {
            if (_workers.TrueForAll(worker => worker.HasExited))
            {
                StartWorker();
            }

            if (Find(jobId) is { IsTerminal: true } job)
            {
                return job;
            }

            await Task.Delay(s_look, patience.Token);
        }
    }

    /// <summary>The dataset, proved from its bytes.</summary>
    public Task<DatasetProof> ProveAsync(CancellationToken cancellationToken) => new DatasetCheck(Open(Spec.Output)).RunAsync(cancellationToken);

    /// <summary>Every image is a row, every shard is committed once, and no row failed.</summary>
    public async Task AssertWholeAsync(string killedAt, CancellationToken cancellationToken)
    {
        var proof = await ProveAsync(cancellationToken);
        Assert.True(proof.Faults.Count == 0, $"killed at '{killedAt}': {string.Join("\n", proof.Faults)}");
        Assert.Equal((Images, Shards, 0), (proof.Rows, proof.Files, proof.FailedRows));
    }

    public IObjectStore Open(string folder) => _host.Services.GetRequiredService<ObjectStores>().Open(folder);

    /// <summary>What workers say of the shards of a job; nothing while the database is down.</summary>
    public IReadOnlyList<ShardStatus> StatusesOf(string jobId) => Ask(() => _host.Services.GetRequiredService<ShardStore>().List(jobId)) ?? [];

    public string Words => string.Join('\n', _workers.Select(worker => worker.ToString()));

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        _host.Dispose();
        await _proxy.DisposeAsync();
    }

    /// <summary>The job as the storage knows it; null while the database is down.</summary>
    public JobRecord? Find(string jobId) => Ask(() => _host.Services.GetRequiredService<JobStore>().Find(jobId));

    // The database may be what was killed.
    private static T? Ask<T>(Func<T?> ask)
        where T : class
    {
        try
        {
            return ask();
        }
        catch (Exception e) when (IsOfServers(e))
        {
            return null;
        }
    }

    /// <summary>Whether a server is to blame, which may be down.</summary>
    public static bool IsOfServers(Exception e) => e.GetBaseException() is DbException or SocketException or IOException or TimeoutException || e is StorageException or ObjectStoreException { IsTransient: true };
}
