using System.Net;

namespace Pipeline.Api.Tests.Access;

/// <summary>One caller leaves time for the others. A burst of thousands of seconds' worth makes the clock of a test no matter.</summary>
public sealed class RateLimitTests
{
    private static readonly Dictionary<string, string?> s_few = new() { ["RateLimits:RequestsPerSecond"] = "4", ["RateLimits:ChangesPerSecond"] = "1", ["RateLimits:StrangersPerSecond"] = "1", ["RateLimits:BurstSeconds"] = "60" };

    [Fact]
    public async Task A_caller_who_asks_too_much_waits_and_others_do_not()
    {
        await using var host = await AccessHost.StartAsync(s_few);
        using var busy = host.As(await host.KeyAsync("read"));
        using var other = host.As(await host.KeyAsync("read"));
        var refused = await UntilRefusedAsync(busy, "GET", "/v1/jobs", 1_000);

        Assert.InRange(refused.After, 240, 999);
        Assert.InRange(int.Parse(refused.Response.Headers.GetValues("Retry-After").Single(), System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Contains("nothing was done", (await ApiHost.ProblemAsync(refused.Response, HttpStatusCode.TooManyRequests)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await other.AskAsync("GET", "/v1/jobs"));
        refused.Response.Dispose();
    }

    [Fact]
    public async Task What_changes_something_has_a_limit_of_its_own()
    {
        await using var host = await AccessHost.StartAsync(s_few);
        using var busy = host.As(await host.KeyAsync("submit"));
        var refused = await UntilRefusedAsync(busy, "POST", "/v1/jobs/job-none/cancel", 200);
        Assert.InRange(refused.After, 60, 199);
        Assert.Equal(HttpStatusCode.OK, await busy.AskAsync("GET", "/v1/jobs"));
        refused.Response.Dispose();
    }

    [Fact]
    public async Task Who_guesses_keys_has_the_least_and_probes_have_all()
    {
        await using var host = await AccessHost.StartAsync(s_few);
        using var guesser = host.As("dfp_000000000000_nonsense");
        var refused = await UntilRefusedAsync(guesser, "GET", "/v1/jobs", 200);
        Assert.InRange(refused.After, 60, 199);
        Assert.Equal(HttpStatusCode.TooManyRequests, await host.Client.AskAsync("POST", "/signin"));
        Assert.Equal(HttpStatusCode.OK, await host.Client.AskAsync("GET", "/healthz"));
        refused.Response.Dispose();
    }

    [Fact]
    public async Task Where_nobody_is_asked_nothing_is_limited()
    {
        await using var host = await ApiHost.StartAsync(s_few);
        for (var request = 0; request < 300; request++)
        {
            Assert.Equal(HttpStatusCode.OK, await host.Client.AskAsync("GET", "/v1/jobs"));
        }
    }

    private static async Task<(int After, HttpResponseMessage Response)> UntilRefusedAsync(HttpClient client, string method, string path, int most)
    {
        for (var request = 0; request < most; request++)
        {
            using var message = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
            var response = await client.SendAsync(message, TestContext.Current.CancellationToken);
            if (response.StatusCode is HttpStatusCode.TooManyRequests)
            {
                return (request, response);
            }

            response.Dispose();
        }

        throw new InvalidOperationException($"{most} requests were answered.");
    }
}
