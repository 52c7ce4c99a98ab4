using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Pipeline.Jobs.Access;
using Pipeline.Jobs.Tenants;

namespace Pipeline.Api.Access;

/// <summary>The endpoints under <c>/v1/tenants</c>.</summary>
internal static class TenantEndpoints
{
    private const string Route = "/v1/tenants";
    private const int LargestBody = 1 << 16;

    public static void MapTenants(this IEndpointRouteBuilder app)
    {
        var tenants = app.MapGroup(Route).WithTags("Tenants").RequireAuthorization(Scopes.Admin);
        tenants.MapGet("/", (TenantStore store, TenantQuota quota) => TypedResults.Ok(new TenantList([.. store.List().Select(tenant => View(tenant.Key, tenant.Value, quota))])))
            .WithName("ListTenants")
            .WithSummary("List tenants with limits, and what they take of them now");
        tenants.MapPut("/{tenant}", Set)
            .WithName("SetTenant")
            .WithSummary("Limit what the jobs of a tenant may take")
            .WithDescription(
                "Replaces what was said before; what is left out is not limited. Places are judged when a job is submitted and kept with it: jobs under way go on as they began, and continue "
                + "under the limits of then. Numbers hold at once.")
            .WithMetadata(new RequestSizeLimitAttribute(LargestBody))
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        tenants.MapDelete("/{tenant}", Remove)
            .WithName("RemoveTenant")
            .WithSummary("Take a tenant's limits away")
            .WithDescription("Its keys and jobs stay as they are, and nothing is limited any more.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Results<Ok<TenantView>, ProblemHttpResult> Set(string tenant, TenantLimits limits, TenantStore store, TenantQuota quota)
    {
        var faults = TenantRules.Faults(tenant, limits);
        if (faults.Count > 0)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status422UnprocessableEntity, title: "The limits cannot be set.", detail: string.Join(' ', faults));
        }

        store.Set(tenant, limits);
        return TypedResults.Ok(View(tenant, limits, quota));
    }

    private static Results<NoContent, ProblemHttpResult> Remove(string tenant, TenantStore store)
    {
        if (store.Find(tenant) is null)
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status404NotFound, title: "The tenant has no limits.", detail: $"Nothing limits \"{tenant}\": GET {Route} lists the tenants with limits.");
        }

        store.Set(tenant, null);
        return TypedResults.NoContent();
    }

    private static TenantView View(string tenant, TenantLimits limits, TenantQuota quota)
    {
        var (jobs, images) = quota.Count(tenant);
        return new TenantView(tenant, limits, jobs, images);
    }
}
