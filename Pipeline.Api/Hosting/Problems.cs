using System.Data.Common;
using System.Text.Json;
using Hangfire.Storage;
using Microsoft.AspNetCore.Mvc;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tenants;

namespace Pipeline.Api.Hosting;

/// <summary>Faults in the words of problem+json (RFC 9457).</summary>
internal static class Problems
{
    /// <summary>What an exception means to the caller; null if it is a fault of this program, of which he learns no more than that.</summary>
    public static ProblemDetails? Of(Exception exception) => exception switch
    {
        JobSpecException spec => Spec(spec),
        IdempotencyException { Fault: IdempotencyFault.OtherRequest } key =>
            Problem(StatusCodes.Status422UnprocessableEntity, "The Idempotency-Key stands for another request.", key.Message),
        QuotaException quota => Problem(StatusCodes.Status429TooManyRequests, "The tenant has all that it may have.", quota.Message),
        IdempotencyException key => Problem(StatusCodes.Status409Conflict, "The request is being handled.", key.Message),
        JsonException json => Problem(StatusCodes.Status400BadRequest, "The body is not JSON.", json.Message),
        BadHttpRequestException request => Problem(request.StatusCode, "The request cannot be read.", request.Message),
        ObjectStoreException { IsTransient: true } store =>
            Problem(StatusCodes.Status503ServiceUnavailable, "A store does not answer.", store.Message),
        DbException or DistributedLockTimeoutException or TimeoutException => Problem(
            StatusCodes.Status503ServiceUnavailable, "The job storage does not answer.", "Try again; /readyz says when it is back."),
        _ => null,
    };

    /// <summary>Says what to do where the framework gives a bare status.</summary>
    public static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Detail ??= problem.Status switch
        {
            StatusCodes.Status415UnsupportedMediaType =>
                $"The content type is \"{context.HttpContext.Request.ContentType}\": send application/json.",
            StatusCodes.Status404NotFound => $"There is nothing at \"{context.HttpContext.Request.Path}\": /openapi/v1.json lists what there is.",
            StatusCodes.Status500InternalServerError => "The fault is on this side; the server's log has it.",
            _ => null,
        };
    }

    private static ProblemDetails Spec(JobSpecException spec)
    {
        var detail = spec.Faults is [var only] ? only.Detail : $"{spec.Faults.Count} things are wrong with it; \"errors\" lists them all.";
        var problem = Problem(StatusCodes.Status422UnprocessableEntity, "The job spec is not valid.", detail);
        problem.Extensions["errors"] = spec.Faults;
        return problem;
    }

    private static ProblemDetails Problem(int status, string title, string detail) => new() { Status = status, Title = title, Detail = detail };
}
