using Hangfire;
using Hangfire.Dashboard;

namespace Pipeline.Api.Dashboard;

/// <summary>Puts this product's pages into Hangfire's dashboard. Hangfire keeps pages and menu per process, and several hosts may live in one.</summary>
internal static class DashboardPages
{
    private const string Assets = "Pipeline.Api.Dashboard.Assets.pipeline";

    private static readonly Lazy<bool> s_registered = new(() =>
    {
        var routes = DashboardRoutes.Routes;
        routes.AddRazorPage(AnnotationJobsPage.Route, _ => new AnnotationJobsPage());
        JobActions.Register();
        routes.Add(ThumbnailRoute.Pattern, new ThumbnailRoute());
        routes.AddRazorPage($"{AnnotationJobsPage.Route}/(?<JobId>[^/]+)", match => new AnnotationJobPage(match.Groups["JobId"].Value));
        NavigationMenu.Items.Insert(0, page => new MenuItem(AnnotationJobsPage.Title, page.Url.To(AnnotationJobsPage.Route))
        {
            Active = page.RequestPath.StartsWith(AnnotationJobsPage.Route, StringComparison.Ordinal),
        });
        var assembly = typeof(DashboardPages).Assembly;
        GlobalConfiguration.Configuration
            .UseDashboardStylesheet(assembly, $"{Assets}.css")
            .UseDashboardJavaScript(assembly, $"{Assets}.js")
            .UseJobDetailsRenderer(10, ShardDetails.Render);
        return true;
    });

    public static void Register() => _ = s_registered.Value;
}
