using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace Pipeline.Api.Tests.Access;

/// <summary>What is logged of who did what.</summary>
public sealed class AuditLogTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_change_and_every_refusal_says_who_asked_for_what()
    {
        using var logs = new RecordedLogs();
        await using var host = await ApiHost.StartAsync(new() { ["Auth:AdminKey"] = AccessHost.AdminKey, ["Logging:LogLevel:Default"] = "Error" }, logs: logs);
        var (keyId, key) = await host.CreateKeyAsync(new { name = "label team", scopes = new[] { "submit" }, tenant = "acme" });
        using var acme = host.As(key);
        using var submitted = await acme.PostAsync(new Uri("/v1/jobs", UriKind.Relative), new StringContent(host.Spec(), Encoding.UTF8, "application/json"), Token);
        var job = (await ApiHost.JsonAsync(submitted, HttpStatusCode.Created)).GetProperty("id").GetString()!;
        using var cancelled = await acme.PostAsync(new Uri($"/v1/jobs/{job}/cancel", UriKind.Relative), null, Token);
        using var above = await acme.PostAsJsonAsync(new Uri("/v1/keys", UriKind.Relative), new { name = "more" }, Token);
        using var looked = await acme.GetAsync(new Uri("/v1/jobs", UriKind.Relative), Token);
        using var stranger = await host.Client.GetAsync(new Uri("/v1/jobs/a%0d%0ainfo:%20Pipeline.Audit", UriKind.Relative), Token);

        Assert.Equal(
            [
                $"configured \"the configured key\" tenant \"\" from 127.0.0.1: POST /v1/keys -> 201 {keyId}",
                $"{keyId} \"label team\" tenant \"acme\" from 127.0.0.1: POST /v1/jobs -> 201 {job}",
                $"{keyId} \"label team\" tenant \"acme\" from 127.0.0.1: POST /v1/jobs/{job}/cancel -> 202 ",
                $"{keyId} \"label team\" tenant \"acme\" from 127.0.0.1: POST /v1/keys -> 403 ",
                "nobody \"\" tenant \"\" from 127.0.0.1: GET /v1/jobs/a%0D%0Ainfo:%20Pipeline.Audit -> 401 ",
            ],
            logs.Lines.Where(line => line.Category == "Pipeline.Audit").Select(line => line.Message));
        Assert.DoesNotContain(logs.Lines, line => line.Message.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_of_an_issuer_make_no_line_of_their_own()
    {
        using var logs = new RecordedLogs();
        await using var issuer = await LocalIssuer.StartAsync();
        await using var host = await ApiHost.StartAsync(new() { ["Auth:Authority"] = issuer.Address, ["Auth:Audience"] = LocalIssuer.Audience }, logs: logs);
        using var person = host.As(issuer.Token(new() { ["scope"] = "pipeline:submit", ["preferred_username"] = "eve\r\ninfo: Pipeline.Audit[1]\u001b[31m root" }));
        using var asked = await person.PostAsync(new Uri("/v1/jobs/none/cancel", UriKind.Relative), null, Token);
        var line = Assert.Single(logs.Lines, line => line.Category == "Pipeline.Audit").Message;
        Assert.DoesNotContain(line, char.IsControl);
        Assert.Contains("\"eve??info: Pipeline.Audit[1]?[31m root\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_is_asked_nobody_is_named()
    {
        using var logs = new RecordedLogs();
        await using var host = await ApiHost.StartAsync(logs: logs);
        await host.SubmitAsync();
        Assert.DoesNotContain(logs.Lines, line => line.Category == "Pipeline.Audit");
    }
}
