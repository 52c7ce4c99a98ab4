using Pipeline.Api.Access;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Jobs;

/// <summary>A tenant's caller learns nothing of others' jobs, not even that they are there.</summary>
internal static class JobVisibility
{
    public static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var caller = Caller.Of(http.User);
        return caller.SeenTenant is not null && http.GetRouteValue("id") is string id
            && http.RequestServices.GetRequiredService<JobStore>().Find(id) is { } job && !caller.Sees(job.Tenant)
                ? JobEndpoints.Unknown(id)
                : await next(context);
    }
}
