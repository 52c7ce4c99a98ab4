using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace Pipeline.Api.Access;

/// <summary>Asks a request who sends it: a key or an issuer's token (<c>Authorization: Bearer</c>), the cookie of who signed in, or nothing on a machine where nobody is asked.</summary>
internal sealed class CallerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, TokenReader tokens, AccessMode mode, IProblemDetailsService problems)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Pipeline";
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization.ToString() is { Length: > 0 } header)
        {
            if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            {
                return AuthenticateResult.Fail("Authorization is not \"Bearer KEY\".");
            }

            return await tokens.ReadAsync(Context, header[Bearer.Length..].Trim()) is { } known ? Success(known.Caller) : AuthenticateResult.Fail("The key or token does not work.");
        }

        if (await Context.AuthenticateAsync(CookieAuthenticationDefaults.AuthenticationScheme) is { Succeeded: true, Principal: { } user })
        {
            return Success(Caller.Of(user));
        }

        return !mode.IsRequired && LocalCaller.Is(Context) ? Success(Caller.Local) : AuthenticateResult.NoResult();
    }

    /// <summary>A person is shown where to sign in, a program told what is missing.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (mode.IsRequired && HttpMethods.IsGet(Request.Method) && Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            Response.Redirect($"{SignIn.Page}?return={Uri.EscapeDataString(Request.Path + Request.QueryString)}");
            return Task.CompletedTask;
        }

        Response.Headers.WWWAuthenticate = "Bearer";
        return WriteAsync(StatusCodes.Status401Unauthorized, "Nobody knows who calls.", mode.IsRequired
            ? "Send \"Authorization: Bearer KEY\" with a key that works (\"pipeline keys create\" makes them), or a token of the configured issuer."
            : "Only callers on this machine are served while no authentication is configured, under a name of this machine (localhost, 127.0.0.1) and not through a proxy: set PIPELINE_AUTH__ADMINKEY or PIPELINE_AUTH__AUTHORITY.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        WriteAsync(StatusCodes.Status403Forbidden, "This caller may not do that.", $"It has the scopes {string.Join(", ", Caller.Of(Context.User).Scopes.Order())}, and this needs another.");

    private AuthenticateResult Success(Caller caller) => AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(Scheme.Name), Scheme.Name));

    private async Task WriteAsync(int status, string title, string detail)
    {
        Response.StatusCode = status;
        await problems.WriteAsync(new ProblemDetailsContext { HttpContext = Context, ProblemDetails = { Status = status, Title = title, Detail = detail } });
    }
}
