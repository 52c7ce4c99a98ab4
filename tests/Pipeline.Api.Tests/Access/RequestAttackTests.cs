using System.Net;
using System.Text;

namespace Pipeline.Api.Tests.Access;

/// <summary>Requests that are made to break what reads them.</summary>
public sealed class RequestAttackTests
{
    [Fact]
    public async Task A_body_that_is_too_long_is_refused_on_every_route_that_takes_one()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        var body = $"{{ \"caption\": \"{new string('a', 2 << 20)}\" }}";
        foreach (var (method, path) in ((string, string)[])[("POST", "/v1/jobs"), ("POST", "/v1/jobs/dry-run"), ("PATCH", $"/v1/jobs/{id}/schedule"), ("POST", "/v1/webhooks"), ("POST", "/v1/keys")])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.ExpectContinue = true;
            using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            await ApiHost.ProblemAsync(response, HttpStatusCode.RequestEntityTooLarge);
        }
    }

    [Theory]
    [InlineData("/v1/jobs")]
    [InlineData("/v1/jobs/dry-run")]
    [InlineData("/v1/webhooks")]
    [InlineData("/v1/keys")]
    public async Task Json_that_is_nested_without_end_is_refused(string path)
    {
        await using var host = await ApiHost.StartAsync();
        using var arrays = await host.PostAsync(path, new string('[', 10_000));
        using var objects = await host.PostAsync(path, string.Concat(Enumerable.Repeat("{\"source\":", 1_000)));
        await ApiHost.ProblemAsync(arrays, HttpStatusCode.BadRequest);
        await ApiHost.ProblemAsync(objects, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_line_break_in_an_address_ends_no_header_and_no_line()
    {
        await using var host = await ApiHost.StartAsync();
        foreach (var path in (string[])["/v1/jobs/a%0d%0aX-Injected:%20yes", "/hangfire/annotation-jobs/a%0d%0aX-Injected:%20yes", "/signin?return=/%0d%0aX-Injected:%20yes"])
        {
            using var response = await host.GetAsync(path);
            Assert.False(response.Headers.Contains("X-Injected"));
            Assert.True(response.StatusCode is HttpStatusCode.NotFound || path.StartsWith("/signin", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("/v1/jobs")]
    [InlineData("/hangfire")]
    [InlineData("/signin")]
    [InlineData("/v1/jobs/none")]
    [InlineData("/healthz")]
    public async Task Every_answer_tells_browsers_what_to_refuse(string path)
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.GetAsync(path);
        Assert.Contains("frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(response.Headers.CacheControl?.NoStore is true || path == "/healthz", path);
    }
}
