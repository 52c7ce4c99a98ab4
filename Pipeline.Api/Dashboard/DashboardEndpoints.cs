using Hangfire;
using Pipeline.Api.Hosting;
using Pipeline.Jobs.Access;

namespace Pipeline.Api.Dashboard;

/// <summary>Hangfire's dashboard with this product's pages, for whom <see cref="DashboardAccess"/> lets in.</summary>
internal static class DashboardEndpoints
{
    public const string Path = "/hangfire";

    public static void MapPipelineDashboard(this IEndpointRouteBuilder app)
    {
        DashboardPages.Register();
        app.MapHangfireDashboard(Path, new DashboardOptions
        {
            DashboardTitle = "Pipeline",
            AppPath = OpenApi.Page,
            Authorization = [new DashboardAccess()],
            IsReadOnlyFunc = DashboardAccess.IsReadOnly,
            // The connection string's host is nobody's business on a page.
            DisplayStorageConnectionString = false,
            // Hangfire's own counts, in its menu: each look is some eight statements a viewer.
            StatsPollingInterval = 60_000,
        }).RequireAuthorization(Scopes.Read);
    }
}
