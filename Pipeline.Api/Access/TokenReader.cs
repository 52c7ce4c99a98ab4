using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Pipeline.Api.Access;

/// <summary>Tells whose a key or an issuer's token is.</summary>
internal sealed class TokenReader(KeyRing keys, TokenClaims tokens, IAuthenticationSchemeProvider schemes)
{
    /// <returns>Null if it does not work; with the end of the token's time, where it has one.</returns>
    public async Task<(Caller Caller, DateTimeOffset? Until)?> ReadAsync(HttpContext context, string text)
    {
        if (keys.Verify(text) is { } known)
        {
            return (known, null);
        }

        if (await schemes.GetSchemeAsync(JwtBearerDefaults.AuthenticationScheme) is null)
        {
            return null;
        }

        // Where the framework's handler looks, of a form too.
        context.Request.Headers.Authorization = $"Bearer {text}";
        return await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme) is { Succeeded: true, Principal: { } token, Properties: var properties } && tokens.Read(token) is { } caller
            ? (caller, properties?.ExpiresUtc)
            : null;
    }
}
