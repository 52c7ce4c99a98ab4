using System.Net;
using System.Text.RegularExpressions;
using Pipeline.Jobs.Access;

namespace Pipeline.Api.Tests.Access;

/// <summary>People on the dashboard.</summary>
public sealed class SignInTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_exchanged_for_a_cookie_that_ends_with_the_key()
    {
        await using var host = await AccessHost.StartAsync();
        var (id, key) = await host.CreateKeyAsync(new { name = "ann", scopes = new[] { "read" } });

        using var person = await Person.SignInAsync(host, key, "/signin?return=/hangfire/annotation-jobs");

        Assert.Equal((HttpStatusCode.Redirect, "/hangfire/annotation-jobs"), (person.Answer, person.Location));
        using var admin = host.As(AccessHost.AdminKey);
        Assert.Equal(HttpStatusCode.NoContent, await admin.AskAsync("DELETE", $"/v1/keys/{id}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await person.At(host).AskAsync("GET", "/hangfire/annotation-jobs"));
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("//evil.example.com")]
    [InlineData("/\\evil.example.com")]
    public async Task Nobody_is_sent_elsewhere(string elsewhere)
    {
        await using var host = await AccessHost.StartAsync();
        using var person = await Person.SignInAsync(host, await host.KeyAsync("read"), $"/signin?return={Uri.EscapeDataString(elsewhere)}");
        Assert.Equal("/hangfire", person.Location);
    }

    [Fact]
    public async Task A_key_that_does_not_work_or_may_not_read_opens_nothing()
    {
        await using var host = await AccessHost.StartAsync();
        foreach (var key in (string[])["wrong", await host.KeyAsync("metrics")])
        {
            using var person = await Person.SignInAsync(host, key);
            Assert.Equal(HttpStatusCode.Unauthorized, person.Answer);
            Assert.Equal(HttpStatusCode.Unauthorized, await person.At(host).AskAsync("GET", "/hangfire"));
        }
    }

    [Theory]
    [InlineData("read", null)]
    [InlineData("submit", null)]
    [InlineData("submit", "acme")]
    public async Task Who_only_reads_sees_no_buttons_and_a_press_is_refused(string scope, string? tenant)
    {
        await using var host = await AccessHost.StartAsync();
        using var owner = host.As(await host.KeyAsync("submit", tenant));
        using var submitted = await owner.PostAsync(new Uri("/v1/jobs", UriKind.Relative), new StringContent(host.Spec(), System.Text.Encoding.UTF8, "application/json"), Token);
        var id = (await ApiHost.JsonAsync(submitted, HttpStatusCode.Created)).GetProperty("id").GetString()!;
        using var person = await Person.SignInAsync(host, await host.KeyAsync(scope, tenant));
        using var client = person.At(host);
        var page = await client.GetStringAsync(new Uri($"/hangfire/annotation-jobs/{id}", UriKind.Relative), Token);
        client.DefaultRequestHeaders.Add(Meta(page, "csrf-header"), WebUtility.HtmlDecode(Meta(page, "csrf-token")));

        using var pressed = await client.PostAsync(new Uri($"/hangfire/annotation-jobs/{id}/pause", UriKind.Relative), null, Token);
        using var ofHangfire = await client.PostAsync(new Uri("/hangfire/jobs/failed/requeue", UriKind.Relative), null, Token);

        Assert.Equal(scope == Scopes.Submit, page.Contains("data-ajax=\"/hangfire/annotation-jobs", StringComparison.Ordinal));
        Assert.Equal(scope == Scopes.Submit, pressed.IsSuccessStatusCode);
        Assert.Equal(scope == Scopes.Submit, host.Jobs.Find(id)!.PauseRequested);
        Assert.True(ofHangfire.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{ofHangfire.StatusCode}");
    }

    private static string Meta(string page, string name) => Regex.Match(page, $"<meta name=\"{name}\" content=\"([^\"]*)\"").Groups[1].Value;
}
