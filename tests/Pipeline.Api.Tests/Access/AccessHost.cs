using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.Api.Tests.Access;

/// <summary>An API that asks who calls, and what it can be asked.</summary>
internal static class AccessHost
{
    public const string AdminKey = "an-administrators-key-of-32-letters-or-more";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<ApiHost> StartAsync(Dictionary<string, string?>? more = null, IPAddress? caller = null) =>
        ApiHost.StartAsync(new(more ?? []) { ["Auth:AdminKey"] = AdminKey }, caller);

    /// <summary>Makes a key: its id and its text.</summary>
    public static async Task<(string Id, string Key)> CreateKeyAsync(this ApiHost host, object request)
    {
        using var admin = host.As(AdminKey);
        using var response = await admin.PostAsJsonAsync(new Uri("/v1/keys", UriKind.Relative), request, Token);
        var made = await ApiHost.JsonAsync(response, HttpStatusCode.Created);
        return (made.GetProperty("id").GetString()!, made.GetProperty("key").GetString()!);
    }

    public static async Task<string> KeyAsync(this ApiHost host, string scope, string? tenant = null) =>
        (await host.CreateKeyAsync(new { name = scope, scopes = new[] { scope }, tenant })).Key;

    /// <summary>Every method and path that the running server routes, with something in the places of parameters.</summary>
    public static IReadOnlyList<(string Method, string Path)> Routes(this ApiHost host) =>
    [
        .. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(endpoint =>
            (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET", "POST"])
            .Select(method => (method, Path(endpoint.RoutePattern)))).Distinct(),
    ];

    public static async Task<HttpStatusCode> AskAsync(this HttpClient client, string method, string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        if (method is not ("GET" or "HEAD"))
        {
            request.Content = JsonContent.Create(new JsonElement?());
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        return response.StatusCode;
    }

    private static string Path(Microsoft.AspNetCore.Routing.Patterns.RoutePattern pattern) =>
        "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { IsCatchAll: true } => "",
            _ => "x",
        }))));
}
