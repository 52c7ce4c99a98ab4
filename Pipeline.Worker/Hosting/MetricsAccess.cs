using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Worker.Hosting;

/// <summary>Who may scrape a worker: whoever shows the token of <c>Auth:MetricsToken</c>; without one, this machine alone.</summary>
internal static class MetricsAccess
{
    private const string Key = "Auth:MetricsToken";
    private const int Shortest = 32;

    /// <exception cref="FormatException">The token is too short to be none that is guessed.</exception>
    public static void UseMetricsAccess(this WebApplication app, string path)
    {
        var token = app.Configuration[Key];
        if (token is { Length: > 0 and < Shortest })
        {
            throw new FormatException($"{Key} (PIPELINE_AUTH__METRICSTOKEN) has {token.Length} characters: use at least {Shortest}, for example from \"openssl rand -hex 32\".");
        }

        app.Use((context, next) =>
        {
            if (!context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase) || IsAllowed(context, token))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return context.Response.WriteAsync($"Send \"Authorization: Bearer TOKEN\" with the token of {Key}; without one only this machine may scrape.", context.RequestAborted);
        });
    }

    private static bool IsAllowed(HttpContext context, string? token) => string.IsNullOrEmpty(token)
        ? context.Connection is { RemoteIpAddress: { } remote, LocalIpAddress: { } local } && IPAddress.IsLoopback(remote) && IPAddress.IsLoopback(local)
        : CryptographicOperations.FixedTimeEquals(Hash(context.Request.Headers.Authorization.ToString()), Hash($"Bearer {token}"));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
