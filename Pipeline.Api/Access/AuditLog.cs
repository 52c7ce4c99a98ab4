using System.Net;

namespace Pipeline.Api.Access;

/// <summary>Logs who did what, where callers are asked who they are: every request that changes something, and every one that was refused.</summary>
internal sealed partial class AuditLog(ILoggerFactory loggers, AccessMode mode) : IMiddleware
{
    public const string Category = "Pipeline.Audit";

    private static readonly object s_about = new();

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    /// <summary>Says what a request is about that its address does not name: the job or key that it made.</summary>
    public static void About(HttpContext context, string id) => context.Items[s_about] = id;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (mode.IsRequired)
            {
                Write(context);
            }
        }
    }

    private void Write(HttpContext context)
    {
        var (request, status) = (context.Request, context.Response.StatusCode);
        var isRefused = status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests;
        var level = isRefused ? LogLevel.Warning : LogLevel.Information;
        if ((isRefused || request.IsChange()) && _logger.IsEnabled(level))
        {
            var caller = Caller.Of(context.User);
            var (id, name, tenant) = (caller.Id.Length == 0 ? "nobody" : Plain(caller.Id), Plain(caller.Name), caller.Tenant ?? "");
            var (address, method, path) = (context.Connection.RemoteIpAddress, Plain(request.Method), request.Path.ToUriComponent());
            var about = context.Items[s_about] as string ?? "";
            Written(_logger, level, id, name, tenant, address, method, path, status, about);
        }
    }

    /// <summary>An issuer's names are its users' to choose: none makes a line of its own, or colours a terminal.</summary>
    private static string Plain(string text) => string.Concat(text.Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? '?' : letter));

    [LoggerMessage(EventId = 1, EventName = "Audit", Message = "{Caller} \"{Name}\" tenant \"{Tenant}\" from {Address}: {Method} {Path} -> {Status} {About}")]
    private static partial void Written(ILogger logger, LogLevel level, string caller, string name, string tenant, IPAddress? address, string method, string path, int status, string about);
}
