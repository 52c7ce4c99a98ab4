using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Pipeline.Jobs.Access;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Jobs;

/// <summary>What can be asked of a job that was submitted: stop, pause, go on, run otherwise.</summary>
internal static class ControlEndpoints
{
    public static void MapJobControl(this RouteGroupBuilder jobs)
    {
        Describe(
            jobs.MapPost("/{id}/cancel", Cancel),
            "CancelJob",
            "Stop a job",
            "The job is cancelled once its running shards have stopped, which takes seconds. Committed shards stay; submitting the spec again continues it.");
        Describe(
            jobs.MapPost("/{id}/pause", Pause),
            "PauseJob",
            "Begin no further shard of a job",
            "Shards that run are finished and committed, so nothing that was computed is lost; cancel stops them too. A job that is being planned pauses once it is planned.");
        Describe(jobs.MapPost("/{id}/resume", Resume), "ResumeJob", "Let a paused job go on", "Nothing happens to a job that is not paused.");
        Describe(
            jobs.MapPost("/{id}/retry-failed", RetryAsync),
            "RetryFailedRows",
            "Make the failed rows of a finished job again",
            "Only these are computed. They count all at once, as the next version of the same dataset; until then it stays as it is.");
        Describe(
            jobs.MapMethods("/{id}/schedule", [HttpMethods.Patch], Change).Accepts<ScheduleSpec>("application/json"),
            "ChangeSchedule",
            "Change how a job is run",
            "Replaces the members that are given, null by their defaults: priority, most concurrent shards, deadline, failure budget. Holds from the next shard on.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route, string name, string summary, string description) => route
        .RequireAuthorization(Scopes.Submit)
        .WithName(name)
        .WithSummary(summary)
        .WithDescription(description)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);

    private static Results<Accepted<JobView>, Ok<JobView>, ProblemHttpResult> Cancel(string id, JobControl control, JobStore jobs) =>
        Answer(id, control.RequestCancel(id), jobs, "cancelled", JobState.Cancelled);

    private static Results<Accepted<JobView>, Ok<JobView>, ProblemHttpResult> Pause(string id, JobControl control, JobStore jobs) =>
        Answer(id, control.RequestPause(id), jobs, "paused", JobState.Paused);

    private static Results<Accepted<JobView>, Ok<JobView>, ProblemHttpResult> Resume(string id, JobControl control, JobStore jobs) =>
        Answer(id, control.Resume(id), jobs, "resumed", JobState.InProgress);

    private static async Task<Results<Accepted<JobView>, ProblemHttpResult>> RetryAsync(
        string id, FailedRowsRetry retry, JobStore jobs, CancellationToken cancellationToken)
    {
        if (jobs.Find(id) is not { } job)
        {
            return JobEndpoints.Unknown(id);
        }

        return await retry.TryStartAsync(id, cancellationToken) is { } refusal
            ? TypedResults.Problem(
                statusCode: StatusCodes.Status409Conflict,
                title: "There are no rows to make again.",
                detail: $"Job {id} is {JobJson.NameOf(job.State)}: {refusal}.")
            : TypedResults.Accepted($"{JobEndpoints.Route}/{id}", JobView.Of(jobs.Find(id)!));
    }

    private static async Task<Results<Accepted<JobView>, Ok<JobView>, ProblemHttpResult>> Change(
        string id, HttpRequest request, JobControl control, JobStore jobs, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        using var body = await JsonDocument.ParseAsync(request.Body, default, cancellationToken);
        var accepted = control.ChangeSchedule(id, present => ScheduleReader.Change(body.RootElement, present, time.GetUtcNow()));
        if (jobs.Find(id) is not { } job)
        {
            return JobEndpoints.Unknown(id);
        }

        return accepted ? TypedResults.Ok(JobView.Of(job)) : Refusal(job, "changed");
    }

    /// <summary>200 where the job is already as asked, 202 where it will be, 409 where it cannot be.</summary>
    private static Results<Accepted<JobView>, Ok<JobView>, ProblemHttpResult> Answer(string id, bool accepted, JobStore jobs, string asked, JobState state)
    {
        if (jobs.Find(id) is not { } job)
        {
            return JobEndpoints.Unknown(id);
        }

        if (job.State == state)
        {
            return TypedResults.Ok(JobView.Of(job));
        }

        return accepted ? TypedResults.Accepted($"{JobEndpoints.Route}/{id}", JobView.Of(job)) : Refusal(job, asked);
    }

    private static ProblemHttpResult Refusal(JobRecord job, string asked) => TypedResults.Problem(
        statusCode: StatusCodes.Status409Conflict,
        title: $"The job cannot be {asked}.",
        detail: $"Job {job.Id} is {JobJson.NameOf(job.State)}: {(job.IsTerminal || job.State is JobState.Finalizing ? "there is nothing left to stop" : "it is being stopped")}.");
}
