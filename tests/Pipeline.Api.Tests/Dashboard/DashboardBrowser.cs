using Microsoft.Playwright;

namespace Pipeline.Api.Tests.Dashboard;

/// <summary>Debian's Chromium.</summary>
internal sealed class DashboardBrowser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private DashboardBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<DashboardBrowser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        return new DashboardBrowser(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        }));
    }

    public async Task<IPage> OpenAsync(int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        // Playwright's 30 s, and 5 s of what is expected of a page, are not much on a machine whose cores have other work.
        var patience = (float)TimeSpan.FromMinutes(5).TotalMilliseconds;
        Assertions.SetDefaultExpectTimeout(patience);
        var page = await _browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme });
        page.SetDefaultTimeout(patience);
        return page;
    }

    /// <summary>Beside the tests, for people to look at.</summary>
    public static Task ScreenshotAsync(IPage page, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;
        return page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
