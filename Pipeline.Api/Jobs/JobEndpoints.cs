using System.ComponentModel;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Pipeline.Api.Access;
using Pipeline.Api.Webhooks;
using Pipeline.Jobs.Access;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Jobs;

/// <summary>The endpoints under <c>/v1/jobs</c>.</summary>
internal static class JobEndpoints
{
    internal const string Route = "/v1/jobs";
    private const int LargestPage = 100;
    private const int LargestBody = 1 << 20;

    public static void MapJobs(this IEndpointRouteBuilder app)
    {
        var jobs = app.MapGroup(Route).WithTags("Jobs").RequireAuthorization(Scopes.Read).AddEndpointFilter(JobVisibility.FilterAsync);
        jobs.MapPost("/", SubmitAsync)
            .RequireAuthorization(Scopes.Submit)
            .WithName("SubmitJob")
            .WithSummary("Submit a job")
            .WithDescription(
                "Judges the whole spec, names every fault at once, and starts the job. The same spec is always the same job: "
                + "submitted again, it is returned as it is (200), or continued if it failed or was cancelled. With an Idempotency-Key a request that is "
                + "sent again within a day gives the job as it is, and continues nothing.")
            .Accepts<JobSpec>("application/json")
            .WithMetadata(new RequestSizeLimitAttribute(LargestBody))
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        jobs.MapPost("/dry-run", DryRunAsync)
            .RequireAuthorization(Scopes.Submit)
            .WithName("DryRun")
            .WithSummary("Say what a job would do, and do nothing")
            .WithDescription(
                "Judges the whole spec as submitting does, counts the source's images, shows what would be asked of the first of them (and what the model says, where it runs in "
                + "this process), and estimates time and storage. Nothing is claimed or started.")
            .Accepts<JobSpec>("application/json")
            .WithMetadata(new RequestSizeLimitAttribute(LargestBody))
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        jobs.MapGet("/", List)
            .WithName("ListJobs")
            .WithSummary("List jobs, newest first")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        jobs.MapGet("/{id}", Get)
            .WithName("GetJob")
            .WithSummary("Get a job's state and progress")
            .ProducesProblem(StatusCodes.Status404NotFound);
        jobs.MapJobWatching();
        jobs.MapDeliveries();
        jobs.MapJobControl();
    }

    private static async Task<Results<Created<JobView>, Ok<JobView>, ProblemHttpResult>> SubmitAsync(
        HttpRequest request,
        JobSubmission submission,
        ClaimsPrincipal user,
        [FromHeader(Name = "Idempotency-Key"), Description("Any text of 1 to 255 characters that names this request, for example a UUID. The same key with another body is refused (422).")]
        string? idempotencyKey,
        CancellationToken cancellationToken)
    {
        // Routing lets a request without content type through, which any web page could send here behind a person's back.
        if (!request.HasJsonContentType())
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        using var body = await JsonDocument.ParseAsync(request.Body, default, cancellationToken);
        if (idempotencyKey is { Length: 0 or > IdempotencyKeys.LongestKey })
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status400BadRequest,
                title: "The Idempotency-Key cannot be used.",
                detail: $"It has {idempotencyKey.Length:N0} characters: use 1 to {IdempotencyKeys.LongestKey}, or leave the header out.");
        }

        var reading = JobSpecReader.Read(body.RootElement);
        var tenant = Caller.Of(user).Tenant;
        var started = idempotencyKey is null
            ? await submission.SubmitAsync(reading, tenant, cancellationToken)
            : await submission.SubmitOnceAsync(idempotencyKey, reading, tenant, cancellationToken);
        var view = JobView.Of(started.Job);
        AuditLog.About(request.HttpContext, view.Id);
        return started.Kind is StartKind.Created ? TypedResults.Created($"{Route}/{view.Id}", view) : TypedResults.Ok(view);
    }

    private static async Task<Results<Ok<DryRunReport>, ProblemHttpResult>> DryRunAsync(
        HttpRequest request, DryRun dryRun, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        using var body = await JsonDocument.ParseAsync(request.Body, default, cancellationToken);
        return TypedResults.Ok(await dryRun.RunAsync(JobSpecReader.Read(body.RootElement), Caller.Of(user).Tenant, cancellationToken));
    }

    private static Results<Ok<JobPage>, ProblemHttpResult> List(
        JobStore jobs,
        ClaimsPrincipal user,
        [Description("Jobs to leave out, from the newest.")] int offset = 0,
        [Description("Most jobs to return: 1 to 100.")] int limit = 20) =>
        Paging.Fault(offset, limit, LargestPage) is { } fault ? fault : TypedResults.Ok(jobs.List(offset, limit, Caller.Of(user).SeenTenant));

    private static Results<Ok<JobView>, ProblemHttpResult> Get(string id, JobStore jobs) =>
        jobs.Find(id) is { } job ? TypedResults.Ok(JobView.Of(job)) : Unknown(id);

    internal static ProblemHttpResult Unknown(string id) => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound,
        title: "There is no such job.",
        detail: $"No job has the id \"{id}\": GET {Route} lists the jobs. After a restart on embedded storage, submit the spec again; it continues.");
}
