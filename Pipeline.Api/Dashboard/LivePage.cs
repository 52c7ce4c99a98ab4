using Hangfire.Dashboard;
using Hangfire.Dashboard.Pages;

namespace Pipeline.Api.Dashboard;

/// <summary>A page whose script fetches it again: then its content alone, without the menu for which Hangfire counts its jobs.</summary>
internal static class LivePage
{
    /// <summary>What <c>pipeline.js</c> sends.</summary>
    private const string Header = "X-Requested-With";

    public static RazorPage? LayoutOf(HttpContext context, string title) => context.Request.Headers[Header] == "fetch" ? null : new LayoutPage(title);
}
