using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Pipeline.Api.Tests.Access;

/// <summary>Tokens of an issuer, by its published keys.</summary>
public sealed class TokenTests
{
    private static Dictionary<string, string?> Settings(LocalIssuer issuer) => new()
    {
        ["Auth:Authority"] = issuer.Address,
        ["Auth:Audience"] = LocalIssuer.Audience,
        ["Auth:ScopeClaim"] = "roles",
        ["Auth:ScopeNames:submit"] = "labeller",
        ["Auth:TenantClaim"] = "org",
    };

    [Fact]
    public async Task Roles_and_tenant_are_read_as_the_settings_say()
    {
        await using var issuer = await LocalIssuer.StartAsync();
        await using var host = await ApiHost.StartAsync(Settings(issuer));
        using var reader = host.As(issuer.Token(new() { ["roles"] = new[] { "pipeline:read" }, ["org"] = "acme" }));
        using var submitter = host.As(issuer.Token(new() { ["roles"] = "labeller other", ["org"] = "acme" }));
        using var nobody = host.As(issuer.Token(new() { ["org"] = "acme" }));
        using var admin = host.As(issuer.Token(new() { ["roles"] = new[] { "pipeline:admin" } }));

        Assert.Equal(HttpStatusCode.OK, await reader.AskAsync("GET", "/v1/jobs"));
        Assert.Equal(HttpStatusCode.Forbidden, await reader.AskAsync("POST", "/v1/jobs"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await submitter.AskAsync("POST", "/v1/jobs"));
        Assert.Equal(HttpStatusCode.Forbidden, await submitter.AskAsync("GET", "/v1/keys"));
        Assert.Equal(HttpStatusCode.Forbidden, await nobody.AskAsync("GET", "/v1/jobs"));
        Assert.Equal(HttpStatusCode.OK, await admin.AskAsync("GET", "/v1/keys"));
    }

    [Fact]
    public async Task A_token_that_is_not_for_us_from_the_issuer_and_of_now_is_refused()
    {
        await using var issuer = await LocalIssuer.StartAsync();
        await using var host = await ApiHost.StartAsync(Settings(issuer));
        using var other = RSA.Create(2048);
        Dictionary<string, object> claims = new() { ["roles"] = new[] { "pipeline:read" }, ["org"] = "acme" };
        var good = issuer.Token(claims);
        string[] bad =
        [
            issuer.Token(claims, audience: "another-service"),
            issuer.Token(claims, issuer: "https://evil.example.com"),
            issuer.Token(claims, age: TimeSpan.FromHours(1)),
            issuer.Token(claims, signedBy: other),
            issuer.Token(new() { ["roles"] = new[] { "pipeline:read" } }),
            issuer.Token(new() { ["roles"] = new[] { "pipeline:read" }, ["org"] = "../acme" }),
            $"eyJhbGciOiJub25lIn0.{good.Split('.')[1]}.",
        ];
        using var client = host.As(good);
        Assert.Equal(HttpStatusCode.OK, await client.AskAsync("GET", "/v1/jobs"));
        foreach (var token in bad)
        {
            using var refused = host.As(token);
            Assert.True(await refused.AskAsync("GET", "/v1/jobs") == HttpStatusCode.Unauthorized, token);
        }
    }

    [Fact]
    public async Task An_issuer_without_an_audience_or_without_TLS_is_no_configuration()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => ApiHost.StartAsync(new() { ["Auth:Authority"] = "http://login.example.com", ["Auth:AdminKey"] = "short" }));
        Assert.Contains("http://login.example.com", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Auth:Audience is empty", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Auth:AdminKey has 5 characters", refused.Message, StringComparison.Ordinal);
    }
}
