using System.Net;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Tests.Access;

/// <summary>Where nobody is asked, only this machine is served; and nothing else listens.</summary>
public sealed class LocalCallerTests
{
    [Theory]
    [InlineData("Host", "rebound.example.com")]
    [InlineData("Host", "192.168.1.4:5080")]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("X-Forwarded-Host", "localhost")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    [InlineData("X-Real-IP", "203.0.113.9")]
    [InlineData("Via", "1.1 proxy")]
    public async Task Who_came_through_a_proxy_or_by_another_name_is_not_this_machine(string header, string value)
    {
        await using var host = await ApiHost.StartAsync();
        foreach (var path in (string[])["/v1/jobs", "/hangfire", "/metrics", "/openapi/v1.json"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            request.Headers.TryAddWithoutValidation(header, value);
            using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task Another_machine_is_not_served()
    {
        await using var host = await ApiHost.StartAsync(caller: IPAddress.Parse("203.0.113.9"));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.Client.AskAsync("GET", "/v1/jobs"));
        Assert.Equal(HttpStatusCode.OK, await host.Client.AskAsync("GET", "/healthz"));
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://*:0")]
    [InlineData("http://127.0.0.1:0;http://+:0")]
    public async Task It_does_not_listen_beyond_this_machine_without_authentication(string urls)
    {
        var refused = await Assert.ThrowsAsync<StorageException>(() => ApiHost.StartAsync(urls: urls));
        Assert.Contains(urls.Split(';')[^1], refused.Message, StringComparison.Ordinal);
        Assert.Contains("PIPELINE_AUTH__ADMINKEY", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("http//127.0.0.1")]
    public async Task What_is_no_address_is_told(string urls)
    {
        var refused = await Assert.ThrowsAsync<StorageException>(() => ApiHost.StartAsync(urls: urls));
        Assert.Contains($"\"{urls}\" is no address", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_authentication_it_does()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Auth:AdminKey"] = AccessHost.AdminKey }, urls: "http://0.0.0.0:0");
        Assert.Equal(HttpStatusCode.Unauthorized, await host.Client.AskAsync("GET", "/v1/jobs"));
    }

    [Theory]
    [InlineData("Origin", "https://evil.example.com")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_of_another_site_changes_nothing_here(string header, string value)
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/v1/jobs/{id}/cancel", UriKind.Relative));
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await ApiHost.ProblemAsync(response, HttpStatusCode.Forbidden);
        Assert.False(host.Jobs.Find(id)!.CancelRequested);
    }
}
