namespace Pipeline.Api.Access;

internal static class Requests
{
    /// <summary>By its method: one that only reads can be sent again, and harms nobody in another's name.</summary>
    public static bool IsChange(this HttpRequest request) => !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method));
}
