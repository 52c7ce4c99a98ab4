using Hangfire.Dashboard;
using Pipeline.Api.Access;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Webhooks;

namespace Pipeline.Api.Dashboard;

/// <summary>The requests of <see cref="JobButtons"/> and <see cref="DeliveryTable"/>: POST alone, with Hangfire's antiforgery token, and refused on a read-only dashboard.</summary>
internal static class JobActions
{
    private static readonly Dictionary<string, Func<IServiceProvider, string, bool>> s_actions = new()
    {
        ["pause"] = (services, id) => services.GetRequiredService<JobControl>().RequestPause(id),
        ["resume"] = (services, id) => services.GetRequiredService<JobControl>().Resume(id),
        ["cancel"] = (services, id) => services.GetRequiredService<JobControl>().RequestCancel(id),
        ["raise"] = (services, id) => ChangePriority(services, id, 1),
        ["lower"] = (services, id) => ChangePriority(services, id, -1),
        // Hangfire's commands are synchronous.
        ["retry-failed"] = (services, id) => Task.Run(() => services.GetRequiredService<FailedRowsRetry>().TryStartAsync(id, CancellationToken.None)).GetAwaiter().GetResult() is null,
    };

    public static void Register()
    {
        foreach (var (name, action) in s_actions)
        {
            DashboardRoutes.Routes.AddCommand(
                $"{AnnotationJobsPage.Route}/(?<JobId>[^/]+)/{name}",
                context => Do(context, action));
        }

        DashboardRoutes.Routes.AddCommand(
            $"{AnnotationJobsPage.Route}/(?<JobId>[^/]+)/deliveries/(?<Delivery>[^/]+)/resend",
            context => Do(context, (services, id) => services.GetRequiredService<WebhookDispatcher>().Resend(id, context.UriMatch.Groups["Delivery"].Value)));
    }

    private static bool Do(DashboardContext context, Func<IServiceProvider, string, bool> action)
    {
        var (services, id) = (context.GetHttpContext().RequestServices, context.UriMatch.Groups["JobId"].Value);
        var isDone = IsSeen(context) && action(services, id);
        services.GetRequiredService<JobLooks>().Forget(id);
        return isDone;
    }

    private static bool IsSeen(DashboardContext context) =>
        context.GetHttpContext().RequestServices.GetRequiredService<JobStore>().Find(context.UriMatch.Groups["JobId"].Value) is { } job
        && Caller.Of(context.GetHttpContext().User).Sees(job.Tenant);

    private static bool ChangePriority(IServiceProvider services, string jobId, int change) => services.GetRequiredService<JobControl>().ChangeSchedule(
        jobId, schedule => schedule with { Priority = Math.Clamp(schedule.Priority + change, 1, ScheduleSpec.HighestPriority) });
}
