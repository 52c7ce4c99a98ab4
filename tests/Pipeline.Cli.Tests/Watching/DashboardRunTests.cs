using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Pipeline.Api.Tests.Dashboard;
using Pipeline.Cli.Tests.Processes;

namespace Pipeline.Cli.Tests.Watching;

/// <summary>A person in a browser, from a job's submission to its end, beside the API and the dataset.</summary>
[Collection(nameof(Clicked))]
public sealed partial class DashboardRunTests(WatchedSystem system)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_is_watched_paused_resumed_and_seen_to_its_end_and_its_failed_row_is_asked_for_again()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["in"], 79);
        File.WriteAllText(folder["in", "broken.png"], "no picture");
        var id = await system.SubmitAsync(folder["in"], folder["out"], Token);
        await using var browser = await DashboardBrowser.StartAsync();
        var page = await browser.OpenAsync();
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.GotoAsync(await system.UrlAsync($"/hangfire/annotation-jobs/{id}"));

        // The bar moves by itself. A click shows the page anew, so the mark is set after each.
        await page.EvaluateAsync("window.sameDocument = true");
        await Assertions.Expect(page.Locator(".pipeline .progress-bar").First).ToHaveAttributeAsync("aria-valuenow", MoreThanZero());
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument"));

        await ClickAsync(page, "Raise priority");
        Assert.Equal(6, (await system.GetAsync($"/v1/jobs/{id}", Token))["schedule"]!["priority"]!.GetValue<int>());
        await ClickAsync(page, "Lower priority");
        Assert.Equal(5, (await system.GetAsync($"/v1/jobs/{id}", Token))["schedule"]!["priority"]!.GetValue<int>());
        await ClickAsync(page, "Pause");
        await WaitForAsync(page, "paused");
        Assert.Equal("paused", (await system.GetAsync($"/v1/jobs/{id}", Token))["state"]!.GetValue<string>());
        await ClickAsync(page, "Resume");
        await WaitForAsync(page, "completed with errors");

        var job = await system.GetAsync($"/v1/jobs/{id}", Token);
        Assert.Equal([80L, 1L], Dataset.Query(folder["out"], "SELECT count(*), count(error_code) FROM {0}").Single());
        Assert.Equal("""{"total":80,"done":80,"failed":1}""", job["images"]!.ToJsonString());
        Assert.Equal("80 of 80", await page.Locator("[data-live=progress] .pipeline-bar small").InnerTextAsync());
        Assert.Equal("1 not an image", (await page.Locator("[data-number=failed]").InnerTextAsync()).Trim());
        await page.Locator("tr[data-failure='broken.png']").WaitForAsync();
        var shown = await page.Locator("tr[data-answer] td:nth-child(2)").First.InnerTextAsync();
        Assert.Contains(shown, Dataset.Query(folder["out"], "SELECT caption FROM {0} WHERE error_code IS NULL").Select(row => (string)row[0]!));
        await DashboardBrowser.ScreenshotAsync(page, "run-ended");

        SmallImages.Draw(folder["in"], ["broken.png"]);
        await ClickAsync(page, "Retry failed");
        await WaitForAsync(page, "completed");
        Assert.Equal([80L, 0L], Dataset.Query(folder["out"], "SELECT count(*), count(error_code) FROM {0}").Single());
    }

    [Fact]
    public async Task A_job_is_cancelled_and_its_shards_link_to_their_own_pages()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["in"], 500);
        var id = await system.SubmitAsync(folder["in"], folder["out"], Token);
        await using var browser = await DashboardBrowser.StartAsync();
        var page = await browser.OpenAsync(390, ColorScheme.Dark);
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.GotoAsync(await system.UrlAsync($"/hangfire/annotation-jobs/{id}"));
        var shard = page.Locator(".pipeline-grid a").First;
        await shard.WaitForAsync();
        await DashboardBrowser.ScreenshotAsync(page, "run-390-dark");

        await page.GotoAsync(new Uri(new Uri(page.Url), await shard.GetAttributeAsync("href")).ToString());
        await page.Locator("[data-shard]").WaitForAsync();
        Assert.Contains("of 5 rows", await page.Locator("[data-shard]").InnerTextAsync(), StringComparison.Ordinal);
        await DashboardBrowser.ScreenshotAsync(page, "run-shard");
        await page.GetByRole(AriaRole.Link, new() { Name = id }).First.ClickAsync();
        await page.WaitForURLAsync($"**/annotation-jobs/{id}");

        await ClickAsync(page, "Cancel");
        await WaitForAsync(page, "cancelled");
        Assert.Equal("cancelled", (await system.GetAsync($"/v1/jobs/{id}", Token))["state"]!.GetValue<string>());
        Assert.Equal(0, await page.Locator(".pipeline-actions button").CountAsync());
    }

    /// <summary>Clicks a button, and waits for the page that comes when the server has done it, with its scripts: before these a click does nothing.</summary>
    private static async Task ClickAsync(IPage page, string button)
    {
        var loaded = new TaskCompletionSource();
        void Loaded(object? sender, IPage shown) => loaded.TrySetResult();
        page.Load += Loaded;
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await loaded.Task.WaitAsync(Token);
        page.Load -= Loaded;
    }

    private static async Task WaitForAsync(IPage page, string state) =>
        await Assertions.Expect(page.Locator("[data-live=state]")).ToHaveTextAsync(state);

    [GeneratedRegex("[1-9]")]
    private static partial Regex MoreThanZero();
}
