using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pipeline.Api.Hosting;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Tests;

/// <summary>The API on a real port of this machine, with a folder of images and a checkpoint's files to submit.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiHost(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.Single().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        Folder = Directory.CreateTempSubdirectory("pipeline-api-").FullName;
        Write("in/a.jpg", "a");
        Write("in/b.png", "b");
        Write("model/config.json", """{ "model_type": "dragonfly", "image_encoder": "clip" }""");
        Write("model/clip/config.json", "{}");
        Write("model/tokenizer.json", "{}");
        Write("model/model.safetensors", "");
    }

    public Uri Address { get; }
    public HttpClient Client { get; }
    public string Folder { get; }
    public IServiceProvider Services => _app.Services;
    public JobStore Jobs => _app.Services.GetRequiredService<JobStore>();
    public ShardStore Shards => _app.Services.GetRequiredService<ShardStore>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ApiHost> StartAsync(Dictionary<string, string?>? settings = null, IPAddress? caller = null, string urls = "http://127.0.0.1:0", ILoggerProvider? logs = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        if (logs is not null)
        {
            builder.Logging.AddProvider(logs);
        }

        builder.WebHost.UseUrls(urls);
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Services.AddPipelineStorage(builder.Configuration);
        builder.Services.AddPipelineApi(builder.Configuration);
        var app = builder.Build();
        if (caller is not null)
        {
            app.Use((context, next) =>
            {
                context.Connection.RemoteIpAddress = caller;
                return next(context);
            });
        }

        app.MapPipelineApi();
        await app.StartAsync(Token);
        return new ApiHost(app);
    }

    /// <summary>A client with a key or token.</summary>
    public HttpClient As(string key)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }

    /// <summary>A spec that can be accepted.</summary>
    public string Spec(string output = "out", string caption = "Describe it.") =>
        $$"""{ "source": "{{Folder}}/in", "output": "{{Folder}}/{{output}}", "model": "{{Folder}}/model", "caption": "{{caption}}" }""";

    public Task<HttpResponseMessage> PostAsync(string path, string json, string type = "application/json") =>
        Client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, Encoding.UTF8, type), Token);

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(new Uri(path, UriKind.Relative), Token);

    /// <summary>Submits and returns the job's id.</summary>
    public async Task<string> SubmitAsync(string output = "out", string caption = "Describe it.")
    {
        using var response = await PostAsync("/v1/jobs", Spec(output, caption));
        return (await JsonAsync(response, HttpStatusCode.Created)).GetProperty("id").GetString()!;
    }

    /// <summary>Plays the planner.</summary>
    public void Plan(string jobId, int shards, int rows) => Jobs.SetPlanned(jobId, () => [.. Enumerable.Range(0, shards)
        .Select(shard => new ShardStatus { Shard = shard, Phase = ShardPhase.Pending, Rows = rows, UpdatedAt = DateTimeOffset.UnixEpoch })]);

    /// <summary>The body of a response that has that status.</summary>
    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>The problem (RFC 9457) of a response that has that status.</summary>
    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var problem = await JsonAsync(response, status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private void Write(string file, string content)
    {
        var path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
