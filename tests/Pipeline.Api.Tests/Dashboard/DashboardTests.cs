using System.Net;
using Microsoft.Playwright;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Tests.Dashboard;

/// <summary>What a person sees, in a real browser.</summary>
public sealed class DashboardTests
{
    private const string Chromium = "/usr/bin/chromium";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_start_page_leads_to_the_dashboard()
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.GetAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/hangfire", response.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/hangfire")]
    [InlineData("/hangfire/annotation-jobs")]
    public async Task Another_machine_may_not_see_the_dashboard(string path)
    {
        await using var host = await ApiHost.StartAsync(caller: IPAddress.Parse("203.0.113.5"));
        using var response = await host.GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_spec_cannot_write_html_into_the_page()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync("<script>alert(1)</script>");
        host.Jobs.MoveTo(id, JobState.Failed, "<b>broken</b>");
        using var response = await host.GetAsync("/hangfire/annotation-jobs");
        var html = await response.Content.ReadAsStringAsync(Token);
        Assert.Contains("&lt;b&gt;broken", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_shows_jobs_with_state_progress_and_failures()
    {
        await using var host = await ApiHost.StartAsync();
        var running = await host.SubmitAsync("running");
        host.Plan(running, shards: 10, rows: 100);
        host.Jobs.MoveTo(running, JobState.InProgress, null);
        host.Jobs.SetProgress(running, new JobProgress
        {
            ImagesDone = 420,
            ImagesFailed = 3,
            ShardsCommitted = 4,
            ShardsRunning = 2,
            Samples = [new(DateTimeOffset.UnixEpoch, 400, 400), new(DateTimeOffset.UnixEpoch.AddSeconds(10), 420, 420)],
            Pace = new JobPace { Points = [.. Enumerable.Range(0, 7).Select(i => new PacePoint(DateTimeOffset.UnixEpoch.AddSeconds((35 * i) - 200), 70 * i, 70 * i))] },
        });
        var failed = await host.SubmitAsync("failed");
        host.Jobs.MoveTo(failed, JobState.Failed, "Shard 2 failed: the model changed since planning.");
        var complete = await host.SubmitAsync("complete");
        host.Plan(complete, shards: 1, rows: 50);
        host.Jobs.SetProgress(complete, new JobProgress { ImagesDone = 50, ImagesFailed = 2, ShardsCommitted = 1 });
        host.Jobs.SetOutcome(complete, new JobOutcome(50, 2));
        host.Jobs.MoveTo(complete, JobState.CompletedWithErrors, null);

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 800 } });
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);

        // Everything must work on a machine without internet, and nobody else learns of it.
        page.Request += (_, request) => errors.AddRange(new Uri(request.Url) is { Scheme: "http" or "https" } url && url.Authority != host.Address.Authority ? [request.Url] : []);

        await page.GotoAsync(new Uri(host.Address, "/").ToString());
        Assert.Equal("/hangfire", new Uri(page.Url).AbsolutePath.TrimEnd('/'));
        await page.GetByRole(AriaRole.Link, new() { Name = "Annotation jobs" }).ClickAsync();

        Assert.Equal("in progress", await CellAsync(page, running, 2));
        Assert.Contains("420 of 1,000", await CellAsync(page, running, 3), StringComparison.Ordinal);
        Assert.Equal("3", await CellAsync(page, running, 4));
        Assert.Contains("4 / 10", await CellAsync(page, running, 5), StringComparison.Ordinal);
        Assert.Equal("2.0", await CellAsync(page, running, 6));
        Assert.Matches(@"^4:50 \(\d:\d\d to \d:\d\d\)$", await CellAsync(page, running, 7));
        Assert.Equal("completed with errors", await CellAsync(page, complete, 2));
        Assert.Equal("42%", await page.Locator($"tr[data-job={running}] .progress-bar").EvaluateAsync<string>("bar => bar.style.width"));
        Assert.True(await page.GetByText("Shard 2 failed: the model changed since planning.").IsVisibleAsync());

        var folder = Path.Combine(AppContext.BaseDirectory, "screenshots");
        Directory.CreateDirectory(folder);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "annotation-jobs.png") });
        await page.GotoAsync(new Uri(host.Address, "/hangfire").ToString());
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "hangfire.png") });
        await page.GotoAsync(new Uri(host.Address, "/scalar/").ToString());
        await page.GetByText("Submit a job").First.WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "scalar.png") });
        Assert.Empty(errors);
    }

    private static async Task<string> CellAsync(IPage page, string jobId, int column) =>
        (await page.Locator($"tr[data-job={jobId}] td:nth-child({column})").InnerTextAsync()).Trim();
}
