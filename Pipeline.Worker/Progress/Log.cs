using Microsoft.Extensions.Logging;

namespace Pipeline.Worker.Progress;

internal static partial class Log
{
    [LoggerMessage(4201, LogLevel.Warning, "The job storage could not be told of shard {Shard} of job {JobId}.")]
    public static partial void ReportFailed(ILogger logger, Exception exception, int shard, string jobId);
}
