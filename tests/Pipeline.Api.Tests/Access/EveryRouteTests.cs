using System.Collections;
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Hangfire.Dashboard;
using Pipeline.Jobs.Access;

namespace Pipeline.Api.Tests.Access;

/// <summary>Unauthenticated and wrong-scope calls to every route there is, asked of the routes themselves: a new one cannot be forgotten.</summary>
public sealed class EveryRouteTests
{
    /// <summary>What needs nobody's name: probes, the way in, and the files of Scalar, which are the same for everybody on earth.</summary>
    private static readonly string[] s_open = ["/healthz", "/readyz", "/signin", "/signout", "/scalar/scalar.js", "/scalar/scalar.aspnetcore.js", "/scalar/favicon.svg"];

    [Theory]
    [InlineData(null)]
    [InlineData("dfp_000000000000_nonsense")]
    public async Task Without_a_key_that_works_nothing_answers(string? key)
    {
        await using var host = await AccessHost.StartAsync(new() { ["RateLimits:StrangersPerSecond"] = "10000" });
        using var client = key is null ? new HttpClient { BaseAddress = host.Address } : host.As(key);
        var routes = host.Routes();
        Assert.Contains(("POST", "/v1/keys/x/rotate"), routes);
        foreach (var (method, path) in routes.Where(route => !s_open.Contains(route.Path)))
        {
            Assert.True(await client.AskAsync(method, path) == HttpStatusCode.Unauthorized, $"{method} {path}");
        }

        foreach (var path in DashboardPaths())
        {
            Assert.True(await client.AskAsync("GET", path) == HttpStatusCode.Unauthorized, path);
            Assert.True(await client.AskAsync("POST", path) == HttpStatusCode.Unauthorized, path);
        }
    }

    [Theory]
    [InlineData(Scopes.Read, null)]
    [InlineData(Scopes.Read, "acme")]
    [InlineData(Scopes.Submit, "acme")]
    [InlineData(Scopes.Metrics, null)]
    public async Task A_key_does_what_its_scope_says_and_nothing_else(string scope, string? tenant)
    {
        await using var host = await AccessHost.StartAsync();
        using var client = host.As(await host.KeyAsync(scope, tenant));
        foreach (var (method, path) in host.Routes().Where(route => !s_open.Contains(route.Path)))
        {
            // The table, once more: whoever adds a route says here whose it is.
            var needed = path switch
            {
                "/metrics" => Scopes.Metrics,
                _ when path.StartsWith("/v1/keys", StringComparison.Ordinal) || path.StartsWith("/v1/tenants", StringComparison.Ordinal) || path.StartsWith("/v1/webhooks", StringComparison.Ordinal) => Scopes.Admin,
                _ when path.StartsWith("/v1/jobs", StringComparison.Ordinal) && method != "GET" => Scopes.Submit,
                _ => Scopes.Read,
            };
            if (!path.StartsWith("/hangfire", StringComparison.Ordinal))
            {
                Assert.True(Scopes.Expand([scope]).Contains(needed) == (await client.AskAsync(method, path) != HttpStatusCode.Forbidden), $"{method} {path} with {scope}");
            }
        }

        foreach (var path in DashboardPaths())
        {
            var mayLook = scope != Scopes.Metrics
                && (tenant is null || (path.StartsWith("/hangfire/annotation-jobs", StringComparison.Ordinal) && path.Count(letter => letter == '/') <= 3) || path.StartsWith("/hangfire/css", StringComparison.Ordinal)
                    || path.StartsWith("/hangfire/js", StringComparison.Ordinal) || path.StartsWith("/hangfire/fonts", StringComparison.Ordinal));
            var looked = await client.AskAsync("GET", path);
            Assert.True(IsCommand(path) ? (int)looked >= 400 : mayLook == (looked is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)), $"GET {path} with {scope}: {looked}");

            var pressed = await client.AskAsync("POST", path);
            Assert.True((int)pressed >= 400 || !IsCommand(path), $"POST {path} with {scope}: {pressed}");
        }
    }

    [Fact]
    public async Task A_path_that_is_none_says_nothing_to_strangers()
    {
        await using var host = await AccessHost.StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await host.Client.AskAsync("GET", "/v2/secret"));
        Assert.Equal(HttpStatusCode.OK, await host.Client.AskAsync("GET", "/healthz"));
        Assert.Equal(HttpStatusCode.Redirect, await host.Client.AskAsync("GET", "/hangfire", "text/html"));
    }

    /// <summary>Hangfire keeps its routes as regular expressions; one path that each matches.</summary>
    private static List<string> DashboardPaths()
    {
        var field = typeof(RouteCollection).GetFields(BindingFlags.NonPublic | BindingFlags.Instance).Single(field => typeof(IEnumerable).IsAssignableFrom(field.FieldType));
        var patterns = ((IEnumerable)field.GetValue(DashboardRoutes.Routes)!).Cast<Tuple<string, IDashboardDispatcher>>().Select(route => route.Item1).ToList();
        Assert.Contains(patterns, pattern => pattern.StartsWith("/annotation-jobs", StringComparison.Ordinal));
        return [.. patterns.Select(pattern => "/hangfire" + Regex.Replace(Regex.Replace(pattern, @"\(\?<\w+>(?:[^()]|\([^()]*\))*\)", "1"), @"\[0-9\]\+|\[.*?\][+*]?|[\^$\\]", "1")).Distinct()];
    }

    private static bool IsCommand(string path) => DashboardRoutes.Routes.FindDispatcher(path["/hangfire".Length..])?.Item1.GetType().Name.Contains("Command", StringComparison.Ordinal) is true;
}
