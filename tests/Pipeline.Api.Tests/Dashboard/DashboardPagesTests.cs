using System.Net;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Pipeline.Jobs.State;
using Pipeline.TestServers;

namespace Pipeline.Api.Tests.Dashboard;

/// <summary>The pages of all jobs and of one, at both widths and in both themes, and their parts.</summary>
public sealed class DashboardPagesTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task The_pages_fit_their_width_and_axe_finds_nothing_serious(int width, ColorScheme scheme)
    {
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        receiver.Answer = (number, context) => WebhookReceiver.Status(context, number % 2 == 0 ? 204 : 500);
        await using var host = await ApiHost.StartAsync(new() { ["Webhooks:AllowedHosts:0"] = "127.0.0.1" });
        using var webhook = await host.PostAsync("/v1/webhooks", $$"""{ "url": "{{receiver.Address}}" }""");
        var id = await SeedAsync(host);
        await receiver.NextAsync(Token);
        await using var browser = await DashboardBrowser.StartAsync();
        var page = await browser.OpenAsync(width, scheme);
        foreach (var (name, path) in ((string, string)[])[("jobs", ""), ("job", $"/{id}")])
        {
            await page.GotoAsync(new Uri(host.Address, $"/hangfire/annotation-jobs{path}").ToString());
            await DashboardBrowser.ScreenshotAsync(page, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}");

            var found = await page.Locator(".pipeline").First.RunAxe();

            Assert.Empty(found.Violations.Where(violation => violation.Impact is "serious" or "critical")
                .SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {node.Html}")));
            Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelector('.pipeline').scrollWidth > innerWidth ? 1 : 0"));
        }
    }

    [Fact]
    public async Task One_job_shows_its_shards_charts_failures_and_what_can_be_asked_of_it()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await SeedAsync(host);
        await using var browser = await DashboardBrowser.StartAsync();
        var page = await browser.OpenAsync();
        await page.GotoAsync(new Uri(host.Address, $"/hangfire/annotation-jobs/{id}").ToString());

        Assert.Equal(12, await page.Locator(".pipeline-grid li").CountAsync());
        Assert.Equal(4, await page.Locator(".pipeline-grid .pipeline-committed").CountAsync());
        Assert.Equal("Shard 5: failed, 0 of 100 rows, 0 failed, attempt 2, gpu-2:7: No space is left.", await page.Locator(".pipeline-grid .pipeline-failed").TextContentAsync());
        Assert.Equal(2, await page.Locator("svg.pipeline-chart polyline").CountAsync());
        Assert.Equal(["Pause", "Raise priority", "Lower priority", "Cancel"], await page.Locator(".pipeline-actions button").AllInnerTextsAsync());
        Assert.Equal("2 not an image\n1 truncated image", (await page.Locator("[data-number=failed]").InnerTextAsync()).Trim());
        Assert.Contains(" to ", await page.Locator("[data-number=left]").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_follows_its_job_without_being_loaded_again()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await SeedAsync(host);
        await using var browser = await DashboardBrowser.StartAsync();
        var page = await browser.OpenAsync();
        await page.GotoAsync(new Uri(host.Address, $"/hangfire/annotation-jobs/{id}").ToString());
        await page.EvaluateAsync("window.sameDocument = true");

        host.Jobs.MoveTo(id, JobState.Failed, "Shard 5 failed: no space is left.");
        await page.GetByText("Shard 5 failed: no space is left.").WaitForAsync();

        Assert.Equal("failed", (await page.Locator("[data-live=state]").InnerTextAsync()).Trim());
        Assert.Equal(0, await page.Locator(".pipeline-actions button").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument"));
    }

    [Fact]
    public async Task Jobs_are_searched_filtered_sorted_and_paged()
    {
        await using var host = await ApiHost.StartAsync();
        for (var index = 0; index < 30; index++)
        {
            var job = await host.SubmitAsync($"out-{index:00}");
            host.Plan(job, shards: 1, rows: 10 + index);
            host.Jobs.MoveTo(job, index < 3 ? JobState.Failed : JobState.InProgress, index < 3 ? "No space is left." : null);
        }

        Assert.Equal(25, (await RowsAsync(host, "")).Count);
        Assert.Equal(5, (await RowsAsync(host, "?page=2")).Count);
        Assert.Equal(3, (await RowsAsync(host, "?state=failed")).Count);
        Assert.Single(await RowsAsync(host, "?search=OUT-17"));
        Assert.Equal(3, (await RowsAsync(host, "?search=no+space")).Count);
        Assert.Contains("10", (await RowsAsync(host, "?sort=images&order=asc"))[0], StringComparison.Ordinal);
        Assert.Contains("39", (await RowsAsync(host, "?sort=images&order=desc"))[0], StringComparison.Ordinal);
        Assert.Equal(25, (await RowsAsync(host, "?sort=nonsense&page=-3&state=lost")).Count);
    }

    [Fact]
    public async Task A_job_that_nobody_knows_is_not_found()
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.GetAsync("/hangfire/annotation-jobs/job-%3Cb%3E");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("job-&lt;b&gt;", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_asked_of_a_job_needs_the_dashboards_token_and_a_post()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await SeedAsync(host);
        using var read = await host.GetAsync($"/hangfire/annotation-jobs/{id}/cancel");
        using var forged = await host.PostAsync($"/hangfire/annotation-jobs/{id}/cancel", "");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, read.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        Assert.False(host.Jobs.Find(id)!.CancelRequested);
    }

    /// <summary>The text of the list's jobs.</summary>
    private static async Task<IReadOnlyList<string>> RowsAsync(ApiHost host, string query)
    {
        using var response = await host.GetAsync($"/hangfire/annotation-jobs{query}");
        return [.. (await response.Content.ReadAsStringAsync(Token)).Split("<tr data-job=").Skip(1)];
    }

    /// <summary>A job half-way, with shards in every phase, and one that has ended.</summary>
    private static async Task<string> SeedAsync(ApiHost host)
    {
        var ended = await host.SubmitAsync("ended");
        host.Plan(ended, shards: 1, rows: 50);
        host.Jobs.SetOutcome(ended, new JobOutcome(50, 2));
        host.Jobs.MoveTo(ended, JobState.CompletedWithErrors, null);
        var broken = await host.SubmitAsync("broken");
        host.Jobs.MoveTo(broken, JobState.Failed, "Shard 2 failed: the model changed since planning.");

        var id = await host.SubmitAsync("running");
        host.Plan(id, shards: 12, rows: 100);
        host.Jobs.MoveTo(id, JobState.InProgress, null);
        host.Shards.Write(id, [.. Enumerable.Range(0, 12).Select(shard => new ShardStatus
        {
            Shard = shard,
            Phase = shard < 4 ? ShardPhase.Committed : shard == 4 ? ShardPhase.Running : shard == 5 ? ShardPhase.Failed : ShardPhase.Pending,
            Rows = 100,
            Done = shard < 4 ? 100 : shard == 4 ? 20 : 0,
            Attempt = shard < 5 ? 1 : shard == 5 ? 2 : 0,
            Worker = shard < 6 ? $"gpu-{shard % 2 + 1}:7" : null,
            Error = shard == 5 ? "No space is left." : null,
            UpdatedAt = s_start,
        })]);
        var pace = new JobPace();
        for (var second = 0; second <= 200; second += 5)
        {
            pace = pace.Next(s_start.AddSeconds(second), (long)(second * (2 + Math.Sin(second / 20.0) / 4)), second < 100 ? 1 : 2);
        }

        host.Jobs.SetProgress(id, new JobProgress
        {
            ImagesDone = 420,
            ImagesFailed = 3,
            Failures = new Dictionary<string, long> { ["not_an_image"] = 2, ["truncated_image"] = 1 },
            ShardsCommitted = 4,
            ShardsRunning = 1,
            Samples = [new(s_start.AddSeconds(140), 300, 180), new(s_start.AddSeconds(200), 420, 300)],
            Pace = pace,
        });
        return id;
    }
}
