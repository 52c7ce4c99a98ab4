using Microsoft.Extensions.Logging;

namespace Pipeline.Jobs.Webhooks;

internal static partial class Log
{
    [LoggerMessage(2101, LogLevel.Information, "Webhook {Delivery} of job {JobId}, attempt {Attempt}: {Status} {Error}")]
    public static partial void Attempted(ILogger logger, string delivery, string jobId, int attempt, int? status, string? error);

    [LoggerMessage(2102, LogLevel.Warning, "The webhook endpoint {Endpoint} answered 410 and was disabled.")]
    public static partial void Disabled(ILogger logger, string endpoint);
}
