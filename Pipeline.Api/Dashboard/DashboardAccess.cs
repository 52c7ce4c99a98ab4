using Hangfire.Dashboard;
using Pipeline.Api.Access;
using Pipeline.Jobs.Access;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Dashboard;

/// <summary>Who sees which of the dashboard's pages, and may press their buttons.</summary>
internal sealed class DashboardAccess : IDashboardAuthorizationFilter
{
    /// <summary>What pages need to look as they do.</summary>
    private static readonly string[] s_assets = ["/css", "/js", "/fonts"];

    /// <summary>Hangfire's own pages show everybody's jobs, whoever looks: a tenant has those of annotation jobs alone.</summary>
    public bool Authorize(DashboardContext context)
    {
        var caller = Caller.Of(context.GetHttpContext().User);
        return caller.May(Scopes.Read)
            && (caller.SeenTenant is null || (IsOfAnnotationJobs(context) && SeesJobOf(context, caller)) || s_assets.Any(asset => context.Request.Path.StartsWith(asset, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Hangfire's own commands delete and requeue whatever there is: for administrators. Those of annotation jobs are for whoever may submit.</summary>
    public static bool IsReadOnly(DashboardContext context) =>
        !Caller.Of(context.GetHttpContext().User).May(IsOfAnnotationJobs(context) ? Scopes.Submit : Scopes.Admin);

    /// <summary>Whatever lies below a job's page: pictures, buttons. Of others' jobs as of none; the page itself says that there is none.</summary>
    private static bool SeesJobOf(DashboardContext context, Caller caller) =>
        context.Request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries) is not [_, var id, _, ..]
        || (context.GetHttpContext().RequestServices.GetRequiredService<JobStore>().Find(id) is { } job && caller.Sees(job.Tenant));

    private static bool IsOfAnnotationJobs(DashboardContext context) =>
        context.Request.Path.Equals(AnnotationJobsPage.Route, StringComparison.OrdinalIgnoreCase)
        || context.Request.Path.StartsWith($"{AnnotationJobsPage.Route}/", StringComparison.OrdinalIgnoreCase);
}
