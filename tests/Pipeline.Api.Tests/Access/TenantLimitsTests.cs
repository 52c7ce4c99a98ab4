using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace Pipeline.Api.Tests.Access;

/// <summary>An administrator limits what a tenant's jobs may take.</summary>
public sealed class TenantLimitsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Limits_are_set_shown_held_and_taken_away()
    {
        await using var host = await AccessHost.StartAsync();
        using var admin = host.As(AccessHost.AdminKey);
        using var acme = host.As(await host.KeyAsync("submit", "acme"));
        using var set = await SetAsync(admin, "acme", new { max_active_jobs = 1, outputs = new[] { $"{host.Folder}/acme" } });
        await ApiHost.JsonAsync(set, HttpStatusCode.OK);

        using var elsewhere = await PostAsync(acme, "/v1/jobs", host.Spec("others"));
        Assert.Contains("/output", (await ApiHost.ProblemAsync(elsewhere, HttpStatusCode.UnprocessableEntity)).GetRawText(), StringComparison.Ordinal);
        using var looked = await PostAsync(acme, "/v1/jobs/dry-run", host.Spec("others"));
        await ApiHost.ProblemAsync(looked, HttpStatusCode.UnprocessableEntity);
        using var first = await PostAsync(acme, "/v1/jobs", host.Spec("acme/a"));
        await ApiHost.JsonAsync(first, HttpStatusCode.Created);
        using var second = await PostAsync(acme, "/v1/jobs", host.Spec("acme/b"));
        Assert.Contains("may have 1", (await ApiHost.ProblemAsync(second, HttpStatusCode.TooManyRequests)).GetProperty("detail").GetString(), StringComparison.Ordinal);

        using var listed = await admin.GetAsync(new Uri("/v1/tenants", UriKind.Relative), Token);
        var tenant = (await ApiHost.JsonAsync(listed, HttpStatusCode.OK)).GetProperty("tenants").EnumerateArray().Single();
        Assert.Equal(("acme", 1), (tenant.GetProperty("tenant").GetString(), tenant.GetProperty("active_jobs").GetInt32()));

        using var removed = await admin.DeleteAsync(new Uri("/v1/tenants/acme", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var third = await PostAsync(acme, "/v1/jobs", host.Spec("b"));
        await ApiHost.JsonAsync(third, HttpStatusCode.Created);
        using var again = await admin.DeleteAsync(new Uri("/v1/tenants/acme", UriKind.Relative), Token);
        await ApiHost.ProblemAsync(again, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Every_fault_of_limits_is_told()
    {
        await using var host = await AccessHost.StartAsync();
        using var admin = host.As(AccessHost.AdminKey);
        using var refused = await SetAsync(admin, "Acme!", new { max_active_jobs = -1, max_concurrent_shards = 0, sources = new[] { "http://10.0.0.1/" } });
        var detail = (await ApiHost.ProblemAsync(refused, HttpStatusCode.UnprocessableEntity)).GetProperty("detail").GetString()!;
        Assert.All(["\"Acme!\"", "max_active_jobs is -1", "max_concurrent_shards is 0", "'http://10.0.0.1/'"], fault => Assert.Contains(fault, detail, StringComparison.Ordinal));
        using var unknown = await SetAsync(admin, "acme", new { max_jobs = 1 });
        await ApiHost.ProblemAsync(unknown, HttpStatusCode.BadRequest);
    }

    private static Task<HttpResponseMessage> SetAsync(HttpClient client, string tenant, object limits) =>
        client.PutAsJsonAsync(new Uri($"/v1/tenants/{Uri.EscapeDataString(tenant)}", UriKind.Relative), limits, Token);

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string spec) =>
        client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(spec, Encoding.UTF8, "application/json"), Token);
}
