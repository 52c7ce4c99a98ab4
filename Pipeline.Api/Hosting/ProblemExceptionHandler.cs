using Microsoft.AspNetCore.Diagnostics;

namespace Pipeline.Api.Hosting;

/// <summary>Tells a caller's faults from the server's, and says in problem+json what to mend.</summary>
internal sealed class ProblemExceptionHandler(IProblemDetailsService problems) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (Problems.Of(exception) is not { } problem)
        {
            return ValueTask.FromResult(false);
        }

        httpContext.Response.StatusCode = problem.Status!.Value;
        return problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem });
    }
}
