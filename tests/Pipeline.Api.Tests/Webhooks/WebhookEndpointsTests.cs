using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Pipeline.Api.Tests.Dashboard;
using Pipeline.Jobs.State;
using Pipeline.TestServers;

namespace Pipeline.Api.Tests.Webhooks;

/// <summary>Webhooks over the API, delivered by the host's own Hangfire server to a real receiver.</summary>
public sealed class WebhookEndpointsTests
{
    private static readonly Dictionary<string, string?> s_settings = new() { ["Webhooks:AllowedHosts:0"] = "127.0.0.1" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_is_delivered_logged_and_sent_again_on_demand()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        await using var host = await ApiHost.StartAsync(s_settings);
        await RegisterAsync(host, receiver);

        var id = await host.SubmitAsync();
        await receiver.NextAsync(Token);
        host.Jobs.MoveTo(id, JobState.Failed, "No space is left.");
        await receiver.NextAsync(Token);

        using var first = await host.GetAsync($"/v1/jobs/{id}/deliveries?limit=1");
        var page = await ApiHost.JsonAsync(first, HttpStatusCode.OK);
        Assert.Equal((2, 1), (page.GetProperty("total").GetInt32(), page.GetProperty("next_offset").GetInt32()));
        var delivery = page.GetProperty("deliveries")[0];
        Assert.Equal("job.failed", delivery.GetProperty("type").GetString());
        Assert.False(delivery.TryGetProperty("ticket", out _));

        using var resent = await host.PostAsync($"/v1/jobs/{id}/deliveries/{delivery.GetProperty("id").GetString()}/resend", "");
        Assert.Equal(HttpStatusCode.Accepted, resent.StatusCode);
        await receiver.NextAsync(Token);
        Assert.Equal(receiver.Received[1] with { Timestamp = "", Signature = "" }, receiver.Received[2] with { Timestamp = "", Signature = "" });

        using var unknown = await host.PostAsync($"/v1/jobs/{id}/deliveries/msg_none/resend", "");
        Assert.Contains("msg_none", (await ApiHost.ProblemAsync(unknown, HttpStatusCode.NotFound)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var nobody = await host.GetAsync("/v1/jobs/job-none/deliveries");
        await ApiHost.ProblemAsync(nobody, HttpStatusCode.NotFound);
        using var wide = await host.GetAsync($"/v1/jobs/{id}/deliveries?limit=1000");
        await ApiHost.ProblemAsync(wide, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_jobs_page_shows_deliveries_and_its_button_sends_one_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        await using var host = await ApiHost.StartAsync(s_settings);
        var webhook = await RegisterAsync(host, receiver);
        var id = await host.SubmitAsync();
        await receiver.NextAsync(Token);

        await using var browser = await DashboardBrowser.StartAsync();
        var page = await browser.OpenAsync();
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.GotoAsync(new Uri(host.Address, $"/hangfire/annotation-jobs/{id}").ToString());
        var row = page.Locator("tr[data-delivery]");
        await row.GetByText("delivered", new() { Exact = true }).WaitForAsync();
        Assert.Contains("job.planning", await row.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains(webhook.GetProperty("id").GetString()!, await row.InnerTextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(webhook.GetProperty("secret").GetString()!, await page.ContentAsync(), StringComparison.Ordinal);
        await row.GetByRole(AriaRole.Button, new() { Name = "Resend" }).ClickAsync();
        await receiver.NextAsync(Token);

        Assert.Equal(receiver.Received[0].Id, receiver.Received[1].Id);
    }

    [Fact]
    public async Task What_fails_at_first_comes_a_few_seconds_later()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        receiver.Answer = (number, context) => WebhookReceiver.Status(context, number == 0 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
        await using var host = await ApiHost.StartAsync(s_settings);
        await RegisterAsync(host, receiver);
        await host.SubmitAsync();
        await receiver.NextAsync(Token);
        await receiver.NextAsync(Token);
        Assert.Equal(receiver.Received[0].Id, receiver.Received[1].Id);
        Assert.InRange(long.Parse(receiver.Received[1].Timestamp) - long.Parse(receiver.Received[0].Timestamp), 5, 120);
    }

    [Fact]
    public async Task A_webhook_is_made_read_changed_and_deleted_and_its_secret_is_told_once()
    {
        await using var host = await ApiHost.StartAsync();
        using var made = await host.PostAsync("/v1/webhooks", """{ "url": "https://hooks.example.com/a", "events": ["job.completed"], "description": "Ours" }""");
        var webhook = await ApiHost.JsonAsync(made, HttpStatusCode.Created);
        var id = webhook.GetProperty("id").GetString();
        Assert.Equal($"/v1/webhooks/{id}", made.Headers.Location?.ToString());
        Assert.StartsWith("whsec_", webhook.GetProperty("secret").GetString(), StringComparison.Ordinal);

        foreach (var path in (string[])["/v1/webhooks", $"/v1/webhooks/{id}"])
        {
            using var read = await host.GetAsync(path);
            Assert.DoesNotContain("secret", await read.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        using var changed = await host.Client.PatchAsync(
            new Uri($"/v1/webhooks/{id}", UriKind.Relative), new StringContent("""{ "enabled": false, "events": [] }""", Encoding.UTF8, "application/json"), Token);
        var now = await ApiHost.JsonAsync(changed, HttpStatusCode.OK);
        Assert.Equal(("https://hooks.example.com/a", false, JsonValueKind.Null), (now.GetProperty("url").GetString(), now.GetProperty("enabled").GetBoolean(), now.GetProperty("events").ValueKind));

        using var rotated = await host.PostAsync($"/v1/webhooks/{id}/rotate-secret", "");
        var anew = (await ApiHost.JsonAsync(rotated, HttpStatusCode.OK)).GetProperty("secret").GetString();
        Assert.NotEqual(webhook.GetProperty("secret").GetString(), anew);

        using var deleted = await host.Client.DeleteAsync(new Uri($"/v1/webhooks/{id}", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await host.GetAsync($"/v1/webhooks/{id}");
        await ApiHost.ProblemAsync(gone, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{ "url": "https://169.254.169.254/latest" }""", "169.254.169.254")]
    [InlineData("""{ "url": "https://hooks.example.com", "events": ["job.done"] }""", "job.done")]
    [InlineData("""{ "url": "http://hooks.example.com" }""", "use https")]
    [InlineData("""{ }""", "url is missing")]
    public async Task One_that_cannot_be_is_refused_in_words(string body, string said)
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.PostAsync("/v1/webhooks", body);
        Assert.Contains(said, (await ApiHost.ProblemAsync(response, HttpStatusCode.UnprocessableEntity)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_that_nobody_knows_and_other_content_are_refused()
    {
        await using var host = await ApiHost.StartAsync();
        using var unknown = await host.PostAsync("/v1/webhooks", """{ "uri": "https://hooks.example.com" }""");
        await ApiHost.ProblemAsync(unknown, HttpStatusCode.BadRequest);
        using var text = await host.PostAsync("/v1/webhooks", "{}", "text/plain");
        await ApiHost.ProblemAsync(text, HttpStatusCode.UnsupportedMediaType);
    }

    internal static async Task<JsonElement> RegisterAsync(ApiHost host, WebhookReceiver receiver)
    {
        using var response = await host.PostAsync("/v1/webhooks", $$"""{ "url": "{{receiver.Address}}" }""");
        return await ApiHost.JsonAsync(response, HttpStatusCode.Created);
    }
}
