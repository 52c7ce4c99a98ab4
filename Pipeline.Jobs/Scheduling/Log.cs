using Microsoft.Extensions.Logging;

namespace Pipeline.Jobs.Scheduling;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Information, "Job {JobId} is {State} now. {Error}")]
    public static partial void Moved(ILogger logger, string jobId, string state, string? error);

    [LoggerMessage(2002, LogLevel.Information, "Job {JobId} is planned: {Images} images in {Shards} shards, {Committed} of them committed before.")]
    public static partial void Planned(ILogger logger, string jobId, long images, int shards, int committed);

    [LoggerMessage(2003, LogLevel.Information, "Job {JobId} is finished: {Rows} rows, {FailedRows} of them failures.")]
    public static partial void Finished(ILogger logger, string jobId, long rows, long failedRows);

    [LoggerMessage(2004, LogLevel.Information, "Job {JobId} was submitted: {Kind}.")]
    public static partial void Submitted(ILogger logger, string jobId, string kind);

    [LoggerMessage(2006, LogLevel.Warning, "The worker of shard {Shard} of job {JobId} is silent ({Worker}); the shard is next in line.")]
    public static partial void Interrupted(ILogger logger, int shard, string jobId, string? worker);

    [LoggerMessage(2007, LogLevel.Warning, "The shards of job {JobId} did not add up, and were counted anew.")]
    public static partial void Recounted(ILogger logger, string jobId);

    [LoggerMessage(2005, LogLevel.Error, "Job {JobId} could not be moved on; the next look tries again.")]
    public static partial void StepFailed(ILogger logger, string jobId, Exception exception);
}
