using Microsoft.Playwright;
using Pipeline.Api.Tests.Dashboard;

namespace Pipeline.Cli.Tests.Watching;

/// <summary>The API is a process of its own, which can decode nothing; the images lie in S3.</summary>
[Collection(nameof(Watched))]
public sealed class PicturesTests(WatchedSystem system)
{
    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task A_jobs_page_shows_small_pictures_where_the_API_runs_alone(int width, ColorScheme scheme)
    {
        await using var browser = await DashboardBrowser.StartAsync();
        var page = await browser.OpenAsync(width, scheme);
        await page.GotoAsync(await system.UrlAsync($"/hangfire/annotation-jobs/{system.DoneJob}"));
        await page.Locator("[data-answer]").First.ScrollIntoViewIfNeededAsync();

        var pictures = await page.Locator("[data-answer] img").AllAsync();
        Assert.InRange(pictures.Count, 1, 6);
        foreach (var picture in pictures)
        {
            await Assertions.Expect(picture).ToHaveJSPropertyAsync("naturalWidth", 48);
        }

        // Of what is no image there is no picture, and the placeholder takes its place.
        await Assertions.Expect(page.Locator("[data-failure] img")).Not.ToHaveJSPropertyAsync("naturalWidth", 0);
        await DashboardBrowser.ScreenshotAsync(page, $"alone-{width}-{scheme.ToString().ToLowerInvariant()}");
    }
}
