namespace Pipeline.Api.Access;

/// <summary>Refuses what a page of another site sends in a person's name (CSRF): with his cookie, or because it runs on his machine.</summary>
internal sealed class OriginGuard(IProblemDetailsService problems) : IMiddleware
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!request.IsChange() || !IsForeign(request))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return problems.WriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails =
            {
                Status = StatusCodes.Status403Forbidden,
                Title = "The request comes from a page of another site.",
                Detail = $"Its Origin is \"{request.Headers.Origin}\", and this is {request.Host}: use the dashboard here, or a program.",
            },
        }).AsTask();
    }

    /// <summary>Browsers say where a request comes from, and no script of a page can say otherwise; programs say nothing.</summary>
    private static bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
        {
            return site is not ("same-origin" or "none");
        }

        return request.Headers.Origin.ToString() is { Length: > 0 } origin
            && (!Uri.TryCreate(origin, UriKind.Absolute, out var from) || !HostString.FromUriComponent(from).Equals(request.Host));
    }
}
