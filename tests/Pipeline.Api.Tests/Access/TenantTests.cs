using System.Net;
using System.Text;

namespace Pipeline.Api.Tests.Access;

/// <summary>A tenant's jobs are its own.</summary>
public sealed class TenantTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenant_sees_and_touches_its_own_jobs_alone()
    {
        await using var host = await AccessHost.StartAsync();
        using var acme = host.As(await host.KeyAsync("submit", "acme"));
        using var other = host.As(await host.KeyAsync("submit", "other"));
        using var admin = host.As(AccessHost.AdminKey);
        var id = (await SubmitAsync(acme, host.Spec("acme"))).GetProperty("id").GetString()!;

        // Each route of a job answers as if there were none, and changes nothing.
        foreach (var (method, path) in host.Routes().Where(route => route.Path.StartsWith("/v1/jobs/x", StringComparison.Ordinal)))
        {
            Assert.True(await other.AskAsync(method, path.Replace("/v1/jobs/x", $"/v1/jobs/{id}", StringComparison.Ordinal)) == HttpStatusCode.NotFound, $"{method} {path}");
        }

        Assert.Equal((1, 0, 1), (await CountAsync(acme), await CountAsync(other), await CountAsync(admin)));
        Assert.Equal(HttpStatusCode.OK, await acme.AskAsync("GET", $"/v1/jobs/{id}"));
        Assert.Equal(HttpStatusCode.NotFound, await other.AskAsync("GET", $"/hangfire/annotation-jobs/{id}"));
        foreach (var job in (string[])[id, "job-0000000000000000"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, await other.AskAsync("GET", $"/hangfire/annotation-jobs/{job}/shards/0/thumbnail?row=a.jpg"));
        }

        Assert.DoesNotContain(id, await other.GetStringAsync(new Uri("/hangfire/annotation-jobs", UriKind.Relative), Token), StringComparison.Ordinal);
        Assert.Contains(id, await acme.GetStringAsync(new Uri("/hangfire/annotation-jobs", UriKind.Relative), Token), StringComparison.Ordinal);
        Assert.Equal("acme", host.Jobs.Find(id)!.Tenant);
        Assert.False(host.Jobs.Find(id)!.CancelRequested);
    }

    [Fact]
    public async Task The_same_spec_of_another_tenant_does_not_give_it_the_job()
    {
        await using var host = await AccessHost.StartAsync();
        using var acme = host.As(await host.KeyAsync("submit", "acme"));
        using var other = host.As(await host.KeyAsync("submit", "other"));
        await SubmitAsync(acme, host.Spec());
        using var refused = await PostAsync(other, host.Spec(), null);
        await ApiHost.ProblemAsync(refused, HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Two_tenants_may_choose_the_same_idempotency_key()
    {
        await using var host = await AccessHost.StartAsync();
        using var acme = host.As(await host.KeyAsync("submit", "acme"));
        using var other = host.As(await host.KeyAsync("submit", "other"));
        using var first = await PostAsync(acme, host.Spec("a"), "key-1");
        using var second = await PostAsync(other, host.Spec("b"), "key-1");
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
    }

    private static async Task<System.Text.Json.JsonElement> SubmitAsync(HttpClient client, string spec)
    {
        using var response = await PostAsync(client, spec, null);
        return await ApiHost.JsonAsync(response, HttpStatusCode.Created);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string spec, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/jobs", UriKind.Relative)) { Content = new StringContent(spec, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await client.SendAsync(request, Token);
    }

    private static async Task<int> CountAsync(HttpClient client)
    {
        using var response = await client.GetAsync(new Uri("/v1/jobs", UriKind.Relative), Token);
        return (await ApiHost.JsonAsync(response, HttpStatusCode.OK)).GetProperty("total").GetInt32();
    }
}
