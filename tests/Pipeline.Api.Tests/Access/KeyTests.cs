using System.Net;
using System.Net.Http.Json;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Jobs.Access;
using Pipeline.TestServers.Postgres;

namespace Pipeline.Api.Tests.Access;

/// <summary>The life of API keys.</summary>
public sealed class KeyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_shown_once_and_kept_as_a_hash()
    {
        await using var host = await AccessHost.StartAsync();
        var (id, key) = await host.CreateKeyAsync(new { name = "ci", scopes = new[] { "read" } });
        using var admin = host.As(AccessHost.AdminKey);
        var list = await admin.GetStringAsync(new Uri("/v1/keys", UriKind.Relative), Token);
        using var connection = host.Services.GetRequiredService<JobStorage>().GetConnection();
        var stored = connection.GetAllEntriesFromHash("pipeline:keys")[id];

        Assert.Matches("^dfp_[0-9a-f]{12}_[0-9a-f]{72}$", key);
        Assert.DoesNotContain(key[17..], list, StringComparison.Ordinal);
        Assert.DoesNotContain(key[17..49], stored, StringComparison.Ordinal);
        Assert.Contains(ApiKeyToken.Hash(key), stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_key_is_known_by_its_checksum()
    {
        await using var host = await AccessHost.StartAsync();
        var (id, key) = await host.CreateKeyAsync(new { name = "ci", scopes = new[] { "read" } });
        var other = key[30] == 'a' ? 'b' : 'a';
        Assert.Equal(id, ApiKeyToken.IdOf(key));
        Assert.Null(ApiKeyToken.IdOf(key[..30] + other + key[31..]));
        Assert.Null(ApiKeyToken.IdOf(""));
    }

    [Fact]
    public async Task A_rotated_key_and_the_new_one_both_work_and_a_revoked_one_does_not()
    {
        await using var host = await AccessHost.StartAsync();
        var (id, key) = await host.CreateKeyAsync(new { name = "ci", scopes = new[] { "read" }, tenant = "acme" });
        using var admin = host.As(AccessHost.AdminKey);
        using var rotated = await admin.PostAsync(new Uri($"/v1/keys/{id}/rotate", UriKind.Relative), null, Token);
        var made = await ApiHost.JsonAsync(rotated, HttpStatusCode.OK);
        using var before = host.As(key);
        using var after = host.As(made.GetProperty("key").GetString()!);
        Assert.Equal("acme", made.GetProperty("tenant").GetString());

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await before.AskAsync("GET", "/v1/jobs"), await after.AskAsync("GET", "/v1/jobs")));
        var listed = await ApiHost.JsonAsync(await admin.GetAsync(new Uri("/v1/keys", UriKind.Relative), Token), HttpStatusCode.OK);
        Assert.All(listed.GetProperty("keys").EnumerateArray(), each => Assert.True(each.TryGetProperty("last_used_at", out _)));

        // Not used before it was revoked, so that no answer of a moment ago counts.
        var (other, unused) = await host.CreateKeyAsync(new { name = "lost", scopes = new[] { "read" } });
        Assert.Equal(HttpStatusCode.NoContent, await admin.AskAsync("DELETE", $"/v1/keys/{other}"));
        Assert.Equal(HttpStatusCode.NotFound, await admin.AskAsync("DELETE", $"/v1/keys/{other}"));
        using var lost = host.As(unused);
        Assert.Equal(HttpStatusCode.Unauthorized, await lost.AskAsync("GET", "/v1/jobs"));
    }

    [Fact]
    public async Task What_no_key_can_be_is_refused_by_name()
    {
        await using var host = await AccessHost.StartAsync();
        using var admin = host.As(AccessHost.AdminKey);
        using var response = await admin.PostAsJsonAsync(
            new Uri("/v1/keys", UriKind.Relative),
            new { name = "two\nlines", scopes = new[] { "root", "admin" }, tenant = "acme", expires_at = DateTimeOffset.UnixEpoch },
            Token);
        var detail = (await ApiHost.ProblemAsync(response, HttpStatusCode.UnprocessableEntity)).GetProperty("detail").GetString()!;
        Assert.Contains("name is", detail, StringComparison.Ordinal);
        Assert.Contains("\"root\"", detail, StringComparison.Ordinal);
        Assert.Contains("tenant \"acme\" cannot have", detail, StringComparison.Ordinal);
        Assert.Contains("expires_at", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_on_PostgreSQL_share_keys_and_cookies_and_then_ask_on_loopback_too()
    {
        await using var server = await PostgresServer.StartAsync(Token);
        Dictionary<string, string?> settings = new() { ["Storage"] = "postgres", ["ConnectionStrings:Hangfire"] = await server.CreateDatabaseAsync(Token) };
        await using var first = await AccessHost.StartAsync(settings);
        var (_, key) = await first.CreateKeyAsync(new { name = "ci", scopes = new[] { "read" } });

        await using var second = await ApiHost.StartAsync(settings);

        using var client = second.As(key);
        Assert.Equal(HttpStatusCode.OK, await client.AskAsync("GET", "/v1/jobs"));
        Assert.Equal(HttpStatusCode.Unauthorized, await second.Client.AskAsync("GET", "/v1/jobs"));
        using var person = await Person.SignInAsync(first, key);
        Assert.Equal(HttpStatusCode.OK, await person.At(second).AskAsync("GET", "/hangfire/annotation-jobs"));
    }
}
