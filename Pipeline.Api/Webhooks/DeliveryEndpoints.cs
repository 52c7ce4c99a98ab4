using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Pipeline.Api.Jobs;
using Pipeline.Jobs.Access;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Webhooks;

namespace Pipeline.Api.Webhooks;

/// <summary>A job's webhook deliveries.</summary>
internal static class DeliveryEndpoints
{
    private const int LargestPage = 100;

    public static void MapDeliveries(this RouteGroupBuilder jobs)
    {
        jobs.MapGet("/{id}/deliveries", List)
            .WithName("ListDeliveries")
            .WithSummary("List a job's webhook deliveries, newest first")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        jobs.MapPost("/{id}/deliveries/{delivery}/resend", Resend)
            .RequireAuthorization(Scopes.Submit)
            .WithName("ResendDelivery")
            .WithSummary("Send a webhook again, now")
            .WithDescription("Whatever came of it before; the event and its webhook-id are the same, and its attempts begin anew.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Results<Ok<DeliveryPage>, ProblemHttpResult> List(
        string id,
        JobStore jobs,
        DeliveryStore deliveries,
        [Description("Deliveries to leave out, from the newest.")] int offset = 0,
        [Description("Most deliveries to return: 1 to 100.")] int limit = 20)
    {
        if (Paging.Fault(offset, limit, LargestPage) is { } fault)
        {
            return fault;
        }

        if (jobs.Find(id) is null)
        {
            return JobEndpoints.Unknown(id);
        }

        var all = deliveries.List(id);
        var page = all.Skip(offset).Take(limit).ToList();
        return TypedResults.Ok(new DeliveryPage(page, all.Count, offset + page.Count < all.Count ? offset + page.Count : null));
    }

    private static Results<Accepted, ProblemHttpResult> Resend(string id, string delivery, JobStore jobs, WebhookDispatcher dispatcher)
    {
        if (jobs.Find(id) is null)
        {
            return JobEndpoints.Unknown(id);
        }

        return dispatcher.Resend(id, delivery)
            ? TypedResults.Accepted($"{JobEndpoints.Route}/{id}/deliveries")
            : TypedResults.Problem(
                statusCode: StatusCodes.Status404NotFound,
                title: "There is no such delivery.",
                detail: $"Job {id} has no delivery \"{delivery}\": GET {JobEndpoints.Route}/{id}/deliveries lists them.");
    }
}
