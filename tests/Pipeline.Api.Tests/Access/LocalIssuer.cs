using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Pipeline.Api.Tests.Access;

/// <summary>An issuer of OpenID Connect on this machine, with keys of its own.</summary>
internal sealed class LocalIssuer : IAsyncDisposable
{
    public const string Audience = "dragonfly-pipeline";
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly WebApplication _app;

    private LocalIssuer()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => TypedResults.Content($$"""{ "issuer": "{{Address}}", "jwks_uri": "{{Address}}/jwks" }""", "application/json"));
        _app.MapGet("/jwks", () =>
        {
            var key = _rsa.ExportParameters(includePrivateParameters: false);
            return TypedResults.Content(
                $$"""{ "keys": [{ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "one", "n": "{{Base64UrlEncoder.Encode(key.Modulus)}}", "e": "{{Base64UrlEncoder.Encode(key.Exponent)}}" }] }""",
                "application/json");
        });
    }

    public string Address => _app.Urls.Single();

    public static async Task<LocalIssuer> StartAsync()
    {
        var issuer = new LocalIssuer();
        await issuer._app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    /// <summary>A token with these claims; what is wrong with it is said by the others.</summary>
    public string Token(Dictionary<string, object> claims, string audience = Audience, string? issuer = null, TimeSpan? age = null, RSA? signedBy = null)
    {
        var made = TimeProvider.System.GetUtcNow().UtcDateTime - (age ?? TimeSpan.Zero);
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Address,
            Audience = audience,
            IssuedAt = made,
            NotBefore = made,
            Expires = made.AddMinutes(10),
            Claims = new Dictionary<string, object>(claims) { ["sub"] = "user-1" },
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(signedBy ?? _rsa) { KeyId = "one" }, SecurityAlgorithms.RsaSha256),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
    }
}
