using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.TestServers.Postgres;

namespace Pipeline.Api.Tests.Hosting;

public sealed class HostingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Probes_answer(string path)
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Without_its_database_the_process_is_live_and_not_ready()
    {
        var server = await PostgresServer.StartAsync(Token);
        try
        {
            await using var host = await ApiHost.StartAsync(new()
            {
                ["Storage"] = "postgres",
                ["ConnectionStrings:Hangfire"] = await server.CreateDatabaseAsync(Token),
            });
            var id = await host.SubmitAsync();
            using (var ready = await host.GetAsync("/readyz"))
            {
                Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
            }

            await server.DisposeAsync();
            using var notReady = await host.GetAsync("/readyz");
            using var live = await host.GetAsync("/healthz");
            using var broken = await host.GetAsync($"/v1/jobs/{id}");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (notReady.StatusCode, live.StatusCode));
            await ApiHost.ProblemAsync(broken, HttpStatusCode.ServiceUnavailable);
            Assert.DoesNotContain(server.Password, await broken.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_process_whose_storage_is_misconfigured_does_not_start()
    {
        var refused = await Assert.ThrowsAsync<StorageException>(() => ApiHost.StartAsync(new() { ["Storage"] = "oracle" }));
        Assert.Contains("oracle", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_api_describes_itself_in_full()
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.GetAsync("/openapi/v1.json");
        var document = await ApiHost.JsonAsync(response, HttpStatusCode.OK);
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => (Route: $"{method.Name} {path.Name}", method.Value)))
            .ToDictionary(operation => operation.Route, operation => operation.Value);
        Assert.Equal(
            [
                "delete /v1/keys/{id}", "delete /v1/tenants/{tenant}", "delete /v1/webhooks/{id}", "get /v1/jobs", "get /v1/jobs/{id}", "get /v1/jobs/{id}/deliveries", "get /v1/jobs/{id}/events", "get /v1/jobs/{id}/failures",
                "get /v1/jobs/{id}/shards", "get /v1/keys", "get /v1/tenants", "get /v1/webhooks", "get /v1/webhooks/{id}", "patch /v1/jobs/{id}/schedule", "patch /v1/webhooks/{id}", "post /v1/jobs",
                "post /v1/jobs/dry-run", "post /v1/jobs/{id}/cancel", "post /v1/jobs/{id}/deliveries/{delivery}/resend", "post /v1/jobs/{id}/pause", "post /v1/jobs/{id}/resume",
                "post /v1/jobs/{id}/retry-failed", "post /v1/keys", "post /v1/keys/{id}/rotate", "post /v1/webhooks", "post /v1/webhooks/{id}/rotate-secret", "put /v1/tenants/{tenant}",
            ],
            operations.Keys.Order(StringComparer.Ordinal));
        Assert.All(operations.Values, operation => Assert.NotEmpty(operation.GetProperty("summary").GetString()!));

        // Examples are what the reader of specs takes, and what a client reads.
        var posted = operations["post /v1/jobs"].GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");
        Assert.Empty(JobSpecReader.Read(posted).Faults);
        var answered = operations["get /v1/jobs/{id}"].GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("example");
        Assert.Equal(24_000, JsonSerializer.Deserialize(answered.GetRawText(), JobJson.Default.JobView)!.Images.Done);

        var spec = document.GetProperty("components").GetProperty("schemas").GetProperty("JobSpec").GetProperty("properties");
        Assert.Equal(
            ["source", "input", "output", "model", "caption", "questions", "max_tokens", "sampling", "quality", "filters", "duplicates", "reuse", "embed_images", "shard_size", "schedule"],
            spec.EnumerateObject().Select(member => member.Name));
        Assert.Contains("422", operations["post /v1/jobs"].GetProperty("responses").EnumerateObject().Select(status => status.Name));
    }

    [Fact]
    public async Task The_documents_page_needs_no_other_server()
    {
        await using var host = await ApiHost.StartAsync();
        using var page = await host.Client.GetAsync(new Uri("/scalar/", UriKind.Relative), Token);
        var html = await page.Content.ReadAsStringAsync(Token);
        Assert.Contains("Pipeline API", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"http", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_path_is_a_problem_too()
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.GetAsync("/v2/jobs");
        await ApiHost.ProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_program_itself_serves_the_api()
    {
        await using var program = new WebApplicationFactory<Program>();
        program.UseKestrel(0);
        program.StartServer();
        using var client = program.CreateClient();
        using var response = await client.GetAsync(new Uri("/v1/jobs", UriKind.Relative), Token);
        Assert.Equal(0, (await ApiHost.JsonAsync(response, HttpStatusCode.OK)).GetProperty("total").GetInt32());
    }
}
