using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Pipeline.Jobs.Access;
using Pipeline.Jobs.Webhooks;

namespace Pipeline.Api.Webhooks;

/// <summary>The endpoints under <c>/v1/webhooks</c>: they are told of everybody's jobs, so they are the administrators'.</summary>
internal static class WebhookEndpoints
{
    private const string Route = "/v1/webhooks";

    public static void MapWebhooks(this IEndpointRouteBuilder app)
    {
        var webhooks = app.MapGroup(Route).WithTags("Webhooks").RequireAuthorization(Scopes.Admin);
        webhooks.MapPost("/", Create)
            .WithName("CreateWebhook")
            .WithSummary("Register an address that is told of jobs' changes")
            .WithDescription(
                "Every change of a job's state is sent there by the rules of Standard Webhooks, at least once, and tried again over three days. "
                + "The answer holds the secret that requests are signed with; it is not shown again.")
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        webhooks.MapGet("/", (WebhookStore store) => TypedResults.Ok(new WebhookList(store.List())))
            .WithName("ListWebhooks")
            .WithSummary("List the registered addresses");
        webhooks.MapGet("/{id}", Get)
            .WithName("GetWebhook")
            .WithSummary("Get a registered address")
            .ProducesProblem(StatusCodes.Status404NotFound);
        webhooks.MapPatch("/{id}", Change)
            .WithName("ChangeWebhook")
            .WithSummary("Change a registered address")
            .WithDescription("Replaces the members that are given. One that was disabled because its receiver answered 410 is enabled again with \"enabled\": true.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        webhooks.MapDelete("/{id}", Delete)
            .WithName("DeleteWebhook")
            .WithSummary("Tell a registered address nothing more")
            .ProducesProblem(StatusCodes.Status404NotFound);
        webhooks.MapPost("/{id}/rotate-secret", Rotate)
            .WithName("RotateWebhookSecret")
            .WithSummary("Make a new secret")
            .WithDescription("For a day requests are signed with both, so that the receiver can change over. The answer holds the new one; it is not shown again.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Results<Created<WebhookView>, ProblemHttpResult> Create(WebhookRequest request, WebhookStore store, IOptions<WebhookOptions> options)
    {
        if (Fault(WebhookRules.Faults(request, isNew: true, options.Value)) is { } fault)
        {
            return fault;
        }

        if (store.List().Count >= WebhookStore.MostEndpoints)
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status409Conflict,
                title: "There are too many webhooks.",
                detail: $"{WebhookStore.MostEndpoints} are registered, and each is told of every change: delete some.");
        }

        var created = store.Create(request);
        return TypedResults.Created($"{Route}/{created.Id}", created);
    }

    private static Results<Ok<WebhookView>, ProblemHttpResult> Get(string id, WebhookStore store) => Answer(id, store.Find(id));

    private static Results<Ok<WebhookView>, ProblemHttpResult> Change(string id, WebhookRequest request, WebhookStore store, IOptions<WebhookOptions> options) =>
        Fault(WebhookRules.Faults(request, isNew: false, options.Value)) is { } fault ? fault : Answer(id, store.Change(id, request));

    private static Results<NoContent, ProblemHttpResult> Delete(string id, WebhookStore store) => store.Delete(id) ? TypedResults.NoContent() : Unknown(id);

    private static Results<Ok<WebhookView>, ProblemHttpResult> Rotate(string id, WebhookStore store) => Answer(id, store.Rotate(id));

    private static Results<Ok<WebhookView>, ProblemHttpResult> Answer(string id, WebhookView? view) => view is null ? Unknown(id) : TypedResults.Ok(view);

    private static ProblemHttpResult? Fault(IReadOnlyList<string> faults) => faults.Count == 0 ? null : TypedResults.Problem(
        statusCode: StatusCodes.Status422UnprocessableEntity, title: "The webhook is not valid.", detail: string.Join(' ', faults));

    private static ProblemHttpResult Unknown(string id) => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound, title: "There is no such webhook.", detail: $"No webhook has the id \"{id}\": GET {Route} lists them.");
}
