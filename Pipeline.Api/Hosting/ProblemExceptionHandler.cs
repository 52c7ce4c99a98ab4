using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;

namespace Pipeline.Api.Hosting;

/// <summary>Tells a caller's faults from the server's, and says in problem+json what to mend.</summary>
internal sealed class ProblemExceptionHandler(IProblemDetailsService problems) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (Describe(exception) is not { } problem)
        {
            return ValueTask.FromResult(false);
        }

        httpContext.Response.StatusCode = problem.Status!.Value;
        return problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem });
    }

    private static ProblemDetails? Describe(Exception exception) => exception switch
    {
        JobSpecException spec => new ProblemDetails
        {
            Status = StatusCodes.Status422UnprocessableEntity,
            Title = "The job spec is not valid.",
            Detail = spec.Faults.Count == 1 ? spec.Faults[0].Detail : $"{spec.Faults.Count} things are wrong with it; errors lists them all.",
            Extensions = { ["errors"] = spec.Faults },
        },
        JsonException json => new ProblemDetails
        {
            Status = StatusCodes.Status400BadRequest,
            Title = "The body is not JSON.",
            Detail = json.Message,
        },
        BadHttpRequestException request => new ProblemDetails
        {
            Status = request.StatusCode,
            Title = "The request cannot be read.",
            Detail = request.Message,
        },
        ObjectStoreException { IsTransient: true } store => new ProblemDetails
        {
            Status = StatusCodes.Status503ServiceUnavailable,
            Title = "A store does not answer.",
            Detail = store.Message,
        },
        _ => null,
    };
}
