using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Pipeline.Jobs.Access;

namespace Pipeline.Api.Access;

/// <summary>The endpoints under <c>/v1/keys</c>.</summary>
internal static class KeyEndpoints
{
    private const string Route = "/v1/keys";
    private const int LargestBody = 1 << 14;

    public static void MapKeys(this IEndpointRouteBuilder app)
    {
        var keys = app.MapGroup(Route).WithTags("Keys").RequireAuthorization(Scopes.Admin);
        keys.MapPost("/", Create)
            .WithName("CreateKey")
            .WithSummary("Make an API key")
            .WithDescription("The answer holds the key. It is kept as a hash, and not shown again.")
            .WithMetadata(new RequestSizeLimitAttribute(LargestBody))
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        keys.MapGet("/", (ApiKeyStore store) => TypedResults.Ok(new ApiKeyList(store.List())))
            .WithName("ListKeys")
            .WithSummary("List API keys, oldest first")
            .WithDescription("With those that were revoked or have expired, and when each was used last, to the minute.");
        keys.MapPost("/{id}/rotate", Rotate)
            .WithName("RotateKey")
            .WithSummary("Make another key like this one")
            .WithDescription("Both work for a day, so that its users can change over. The answer holds the new one; it is not shown again.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        keys.MapDelete("/{id}", Revoke)
            .WithName("RevokeKey")
            .WithSummary("Let a key work no more")
            .WithDescription("Within five seconds, for whoever signed in to the dashboard with it too.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Results<Created<ApiKeyView>, ProblemHttpResult> Create(ApiKeyRequest request, ApiKeyStore store, TimeProvider time, HttpContext context)
    {
        var faults = ApiKeyRules.Faults(request, time.GetUtcNow());
        if (faults.Count > 0)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status422UnprocessableEntity, title: "The key cannot be made.", detail: string.Join(' ', faults));
        }

        var created = store.Create(request);
        AuditLog.About(context, created.Id);
        return TypedResults.Created($"{Route}/{created.Id}", created);
    }

    private static Results<Ok<ApiKeyView>, ProblemHttpResult> Rotate(string id, ApiKeyStore store, HttpContext context)
    {
        if (store.Rotate(id) is not { } key)
        {
            return Unknown(id);
        }

        AuditLog.About(context, key.Id);
        return TypedResults.Ok(key);
    }

    private static Results<NoContent, ProblemHttpResult> Revoke(string id, ApiKeyStore store) => store.Revoke(id) ? TypedResults.NoContent() : Unknown(id);

    private static ProblemHttpResult Unknown(string id) => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound, title: "There is no such key.", detail: $"No key that works has the id \"{id}\": GET {Route} lists them.");
}
