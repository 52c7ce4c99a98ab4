using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.S3.Model;
using Pipeline.Cli.Tests.Processes;
using Pipeline.Cli.Tests.Watching.Otlp;
using Pipeline.TestServers;
using Pipeline.TestServers.Postgres;

namespace Pipeline.Cli.Tests.Watching;

/// <summary>An API and a worker as processes of their own, on PostgreSQL and S3, that Prometheus scrapes and that tell a collector; one job is done, and one is under way.</summary>
public sealed partial class WatchedSystem(SharedCephS3 s3) : IAsyncLifetime
{
    public const int Images = 12, ManyImages = 4_000, ShardSize = 5, Shards = 3;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>What the collector is told in a header, and nobody else.</summary>
    public const string TelemetryKey = "a-key-of-telemetry-5f1c0de";

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private PostgresServer _postgres = null!;

    internal PipelineProcess Api { get; private set; } = null!;

    internal PipelineProcess Worker { get; private set; } = null!;

    public PrometheusServer Prometheus { get; private set; } = null!;

    public OtlpCollector Collector { get; private set; } = null!;

    /// <summary>Of the database, in which the jobs are.</summary>
    public string Connection { get; private set; } = "";

    /// <summary>What API and worker were told in confidence.</summary>
    public IReadOnlyList<string> Secrets { get; private set; } = [];

    /// <summary>Folder of the dataset of the job that is done.</summary>
    public string Dataset => _folder["done"];

    public string DoneJob { get; private set; } = "";

    public string RunningJob { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        var token = patience.Token;
        var server = await s3.StartedAsync();
        _postgres = await PostgresServer.StartAsync(token);
        Connection = await _postgres.CreateDatabaseAsync(token);
        Collector = await OtlpCollector.StartAsync(token);
        Secrets = [_postgres.Password, server.SecretKey, TelemetryKey];
        var settings = new Dictionary<string, string>
        {
            ["PIPELINE_STORAGE"] = "postgres",
            ["PIPELINE_CONNECTIONSTRINGS__HANGFIRE"] = Connection,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Collector.Address.AbsoluteUri,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = $"api-key={TelemetryKey}",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "2000",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "500",
            ["PIPELINE_S3__ENDPOINT"] = server.Endpoint.AbsoluteUri,
            ["PIPELINE_S3__ACCESSKEY"] = server.AccessKey,
            ["PIPELINE_S3__SECRETKEY"] = server.SecretKey,
            ["PIPELINE_LOGGING__CONSOLE__FORMATTERNAME"] = "json",
            ["PIPELINE_LOGGING__CONSOLE__FORMATTEROPTIONS__INCLUDESCOPES"] = "true",
        };
        Api = Start(settings, "Pipeline.Api", "--urls", "http://127.0.0.1:0");
        var api = await AddressAsync(Api);
        Worker = Start(settings, "Pipeline.Worker");
        Prometheus = await PrometheusServer.StartAsync(new Dictionary<string, Uri> { ["pipeline-api"] = api, ["pipeline-worker"] = await AddressAsync(Worker) }, token);

        DoneJob = await SubmitAsync($"s3://{await UploadAsync(server, token)}/photos", Dataset, token);
        while ((await GetAsync($"/v1/jobs/{DoneJob}", token))["state"]!.GetValue<string>() is not ("completed" or "completed_with_errors"))
        {
            await Task.Delay(s_look, token);
        }

        SmallImages.Draw(_folder["many"], ManyImages);
        RunningJob = await SubmitAsync(_folder["many"], _folder["running"], token);
        while ((await Prometheus.QueryAsync($"pipeline_job_eta_seconds{{pipeline_job=\"{RunningJob}\"}}", token)).Count == 0)
        {
            await Task.Delay(s_look, token);
        }
    }

    /// <summary>What the API answers.</summary>
    public async Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync<JsonNode>(new Uri(await AddressAsync(Api), path), cancellationToken))!;

    public async Task<string> UrlAsync(string path) => new Uri(await AddressAsync(Api), path).ToString();

    public async Task<string> WorkerUrlAsync(string path) => new Uri(await AddressAsync(Worker), path).ToString();

    /// <summary>What a process tells whoever scrapes it.</summary>
    internal async Task<Scrape> ScrapeAsync(PipelineProcess process, CancellationToken cancellationToken) =>
        Scrape.Parse(await _http.GetStringAsync(new Uri(await AddressAsync(process), "/metrics"), cancellationToken));

    public async ValueTask DisposeAsync()
    {
        // Those that came to be, where one of them did not.
        foreach (var part in (IAsyncDisposable?[])[Prometheus, Worker, Api, Collector, _postgres])
        {
            await (part?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _http.Dispose();
        _folder.Dispose();
    }

    public async Task<string> SubmitAsync(string source, string output, CancellationToken cancellationToken)
    {
        var spec = new JsonObject
        {
            ["source"] = source,
            ["output"] = output,
            ["model"] = Path.Combine(Repository.Root, "models", "dragonfly-tiny-v2"),
            ["caption"] = "Describe the image.",
            ["questions"] = new JsonArray(new JsonObject { ["id"] = "red", ["text"] = "Is it red?", ["kind"] = "yes-no" }),
            ["shard_size"] = ShardSize,
        };
        using var response = await _http.PostAsJsonAsync(new Uri(await AddressAsync(Api), "/v1/jobs"), spec, cancellationToken);
        var job = await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken);
        return response.IsSuccessStatusCode ? job!["id"]!.GetValue<string>() : throw new InvalidOperationException($"The job is refused: {job}");
    }

    private async Task<string> UploadAsync(CephS3Server server, CancellationToken cancellationToken)
    {
        var bucket = await server.CreateBucketAsync(cancellationToken);
        using var client = server.CreateClient();
        foreach (var name in SmallImages.Draw(_folder["few"], Images - 1))
        {
            await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = $"photos/{name}", FilePath = _folder["few", name] }, cancellationToken);
        }

        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "photos/text.jpg", ContentBody = "no picture" }, cancellationToken);
        return bucket;
    }

    private static PipelineProcess Start(Dictionary<string, string> settings, string project, params string[] arguments) =>
        PipelineProcess.Start(Path.GetTempPath(), settings, "dotnet", [Path.Combine(PipelineProcess.Bin(project), $"{project}.dll"), .. arguments]);

    private static async Task<Uri> AddressAsync(PipelineProcess process)
    {
        await process.UntilAsync(() => Listening.IsMatch(process.Output));
        return new Uri(Listening.Match(process.Output).Groups[1].Value);
    }

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening { get; }
}
