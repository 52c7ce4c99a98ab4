using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Jobs;

/// <summary>A job's parts, and the job as it changes.</summary>
internal static class WatchEndpoints
{
    private const int LargestShardPage = 1_000;
    private const int LargestFailurePage = 100;

    public static void MapJobWatching(this RouteGroupBuilder jobs)
    {
        jobs.MapGet("/{id}/shards", ListShards)
            .WithName("ListShards")
            .WithSummary("List a job's shards in order")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        jobs.MapGet("/{id}/failures", ListFailuresAsync)
            .WithName("ListFailures")
            .WithSummary("List a job's failed rows in the order of the plan")
            .WithDescription("Of committed shards, read from the dataset: what it says is what the rows say.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        jobs.MapGet("/{id}/events", Follow)
            .WithName("FollowJob")
            .WithSummary("Follow a job as server-sent events")
            .WithDescription(
                "An event \"job\" with the body of GET /v1/jobs/{id} at once and whenever it changed, looked at every two seconds; the stream ends with the job. "
                + "Every event holds the whole state, so nothing is missed by who connects again.")
            .Produces<JobView>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Results<Ok<ShardPage>, ProblemHttpResult> ListShards(
        string id,
        JobStore jobs,
        ShardStore shards,
        [Description("Only shards of this phase: pending, running, committed, failed.")] string? phase = null,
        [Description("Shards to leave out, from the first.")] int offset = 0,
        [Description("Most shards to return: 1 to 1,000.")] int limit = 100)
    {
        if (Paging.Fault(offset, limit, LargestShardPage) is { } fault)
        {
            return fault;
        }

        ShardPhase? wanted = Enum.TryParse<ShardPhase>(phase, ignoreCase: true, out var known) && !int.TryParse(phase, out _) ? known : null;
        if (phase is not null && wanted is null)
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status400BadRequest, title: "There is no such phase.", detail: $"phase is \"{phase}\": use pending, running, committed or failed.");
        }

        if (jobs.Find(id) is null)
        {
            return JobEndpoints.Unknown(id);
        }

        var all = shards.List(id).Where(shard => wanted is null || shard.Phase == wanted).ToList();
        var page = all.Skip(offset).Take(limit).ToList();
        return TypedResults.Ok(new ShardPage(page, all.Count, offset + page.Count < all.Count ? offset + page.Count : null));
    }

    private static async Task<Results<Ok<FailurePage>, ProblemHttpResult>> ListFailuresAsync(
        string id,
        JobStore jobs,
        ShardStore shards,
        CommittedRows rows,
        [Description("Failures to leave out, from the first.")] int offset = 0,
        [Description("Most failures to return: 1 to 100.")] int limit = 20,
        CancellationToken cancellationToken = default)
    {
        if (Paging.Fault(offset, limit, LargestFailurePage) is { } fault)
        {
            return fault;
        }

        return jobs.Find(id) is { } job ? TypedResults.Ok(await rows.FailuresAsync(job, shards.List(id), offset, limit, cancellationToken)) : JobEndpoints.Unknown(id);
    }

    private static IResult Follow(string id, JobStore jobs, JobEvents events, CancellationToken cancellationToken) =>
        jobs.Find(id) is { } job ? TypedResults.ServerSentEvents(events.FollowAsync(job, cancellationToken)) : JobEndpoints.Unknown(id);
}
