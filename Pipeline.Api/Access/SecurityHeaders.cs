using Pipeline.Api.Hosting;

namespace Pipeline.Api.Access;

/// <summary>What browsers are told to refuse: foreign scripts, frames around us, guessed types, addresses sent along to others.</summary>
internal static class SecurityHeaders
{
    /// <summary>Hangfire's pages set widths and colours in their elements; no script of theirs or ours stands in a page.</summary>
    private const string Strict = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Scalar starts itself by a script in its page, which holds nothing that anybody wrote.</summary>
    private const string OfScalar = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var isScalar = context.Request.Path.StartsWithSegments(OpenApi.Page, StringComparison.OrdinalIgnoreCase);
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            if (headers.ContentSecurityPolicy.Count == 0)
            {
                headers.ContentSecurityPolicy = isScalar ? OfScalar : Strict;
            }

            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            if (headers.CacheControl.Count == 0)
            {
                // Answers differ by caller, and some hold a secret once.
                headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        });
        return next(context);
    });
}
