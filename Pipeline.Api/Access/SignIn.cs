using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Pipeline.Api.Dashboard;
using Pipeline.Jobs.Access;

namespace Pipeline.Api.Access;

/// <summary>A small page where a person exchanges a key for a cookie.</summary>
internal static class SignIn
{
    public const string Page = "/signin";
    private const string SignOutPath = "/signout";
    private const string Key = "key", Return = "return";
    private const int LargestForm = 1 << 14;

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapGet(Page, (HttpContext context, IAntiforgery antiforgery) => Show(context, antiforgery, null))
            .AllowAnonymous().ExcludeFromDescription();
        app.MapPost(Page, EnterAsync).WithMetadata(new RequestSizeLimitAttribute(LargestForm)).AllowAnonymous().ExcludeFromDescription();
        app.MapPost(SignOutPath, LeaveAsync).WithMetadata(new RequestSizeLimitAttribute(LargestForm)).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> EnterAsync(HttpContext context, IAntiforgery antiforgery, TokenReader tokens, IOptions<AccessOptions> options, TimeProvider time)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Show(context, antiforgery, "This page was open for too long: try again.");
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (await tokens.ReadAsync(context, form[Key].ToString().Trim()) is not { } known || !known.Caller.May(Scopes.Read))
        {
            return Show(context, antiforgery, "This key does not work here: it may be mistyped, expired or revoked, or without the scope read.");
        }

        var end = time.GetUtcNow() + options.Value.SessionLifetime;
        await context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            known.Caller.ToPrincipal(CookieAuthenticationDefaults.AuthenticationScheme),
            new AuthenticationProperties { ExpiresUtc = known.Until < end ? known.Until : end, AllowRefresh = false });
        return TypedResults.LocalRedirect(LocalOr(form[Return], DashboardEndpoints.Path));
    }

    private static async Task<IResult> LeaveAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest, title: "The form is too old.", detail: $"Sign out from {Page}.");
        }

        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.LocalRedirect(Page);
    }

    private static ContentHttpResult Show(HttpContext context, IAntiforgery antiforgery, string? fault)
    {
        var tokens = antiforgery.GetAndStoreTokens(context);
        var hidden = $"<input type=\"hidden\" name=\"{Markup.Text(tokens.FormFieldName)}\" value=\"{Markup.Text(tokens.RequestToken)}\">";
        var who = context.User.Identity?.IsAuthenticated is true
            ? $"<form method=\"post\" action=\"{SignOutPath}\">{hidden}<p>You are signed in as {Markup.Text(Caller.Of(context.User).Name)}. <button>Sign out</button></p></form>"
            : "";
        var html = $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Pipeline: sign in</title>
            <style>:root{"{"}color-scheme:light dark{"}"}body{"{"}font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:4rem auto;padding:0 1rem{"}"}input[type=password]{"{"}width:100%;font:inherit;padding:.5rem;box-sizing:border-box{"}"}button{"{"}font:inherit;padding:.4rem 1rem;margin-top:.5rem{"}"}</style>
            </head><body><main><h1>Pipeline</h1>{who}
            <form method="post" action="{Page}">{hidden}<input type="hidden" name="{Return}" value="{Markup.Text(LocalOr(context.Request.Query[Return], DashboardEndpoints.Path))}">
            <label for="key">API key</label><input id="key" name="{Key}" type="password" autocomplete="current-password" required autofocus>
            <button>Sign in</button></form>{(fault is null ? "" : $"<p role=\"alert\">{Markup.Text(fault)}</p>")}</main></body></html>
            """;
        return TypedResults.Content(html, "text/html; charset=utf-8", statusCode: fault is null ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized);
    }

    /// <summary>Only paths of this server: nobody is sent elsewhere from here.</summary>
    private static string LocalOr(string? path, string other) =>
        path is ['/', ..] && path is not ['/', '/' or '\\', ..] && !path.Any(char.IsControl) ? path : other;
}
