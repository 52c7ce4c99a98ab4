using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Pipeline.Jobs.State;
using Pipeline.TestServers.Postgres;
using Pipeline.Worker.Hosting;

namespace Pipeline.Worker.Tests.Hosting;

public sealed class WorkerHealthTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_is_ready_as_long_as_its_database_knows_it_and_live_without()
    {
        var server = await PostgresServer.StartAsync(Token);
        try
        {
            await using var app = Build(await server.CreateDatabaseAsync(Token), withWorker: true);
            await app.StartAsync(Token);
            await Eventually.TrueAsync(async () => await GetAsync(app, "/readyz") == HttpStatusCode.OK);

            await server.DisposeAsync();

            Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync(app, "/readyz"));
            Assert.Equal(HttpStatusCode.OK, await GetAsync(app, "/healthz"));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_process_whose_servers_do_not_run_is_not_ready()
    {
        await using var app = Build(connection: null, withWorker: false);
        await app.StartAsync(Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync(app, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(app, "/healthz"));
    }

    private static WebApplication Build(string? connection, bool withWorker)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (connection is not null)
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Storage"] = "postgres", ["ConnectionStrings:Hangfire"] = connection });
        }

        builder.Services.AddPipelineStorage(builder.Configuration);
        if (withWorker)
        {
            builder.Services.AddPipelineWorker(builder.Configuration);
        }

        builder.Services.AddPipelineWorkerHealth();
        var app = builder.Build();
        app.MapPipelineWorkerHealth();
        return app;
    }

    private static async Task<HttpStatusCode> GetAsync(WebApplication app, string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Token);
        return response.StatusCode;
    }
}
