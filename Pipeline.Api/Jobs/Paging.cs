using Microsoft.AspNetCore.Http.HttpResults;

namespace Pipeline.Api.Jobs;

internal static class Paging
{
    /// <summary>What is wrong with a page's bounds, or null.</summary>
    public static ProblemHttpResult? Fault(int offset, int limit, int largest) => (offset, limit) switch
    {
        ( < 0, _) => Problem($"offset is {offset}: use 0 or more."),
        (_, < 1) => Problem($"limit is {limit}: use 1 to {largest:N0}."),
        _ when limit > largest => Problem($"limit is {limit}: use 1 to {largest:N0}, and next_offset for the next page."),
        _ => null,
    };

    private static ProblemHttpResult Problem(string detail) => TypedResults.Problem(
        statusCode: StatusCodes.Status400BadRequest, title: "The page is out of range.", detail: detail);
}
