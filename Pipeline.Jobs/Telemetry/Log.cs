using Microsoft.Extensions.Logging;

namespace Pipeline.Jobs.Telemetry;

internal static partial class Log
{
    [LoggerMessage(3301, LogLevel.Warning, "The job storage could not be looked at for metrics.")]
    public static partial void LookFailed(ILogger logger, Exception exception);
}
