using Microsoft.Extensions.Logging;

namespace Pipeline.Worker.Shards;

internal static partial class Log
{
    [LoggerMessage(4101, LogLevel.Information, "Shard {Shard} of job {JobId} begins, attempt {Attempt}: {Rows} images.")]
    public static partial void ShardBegins(ILogger logger, int shard, string jobId, int attempt, int rows);

    [LoggerMessage(4102, LogLevel.Information, "Shard {Shard} of job {JobId} is committed by attempt {Attempt}: {Rows} rows, {FailedRows} of them failures.")]
    public static partial void ShardCommitted(ILogger logger, int shard, string jobId, int attempt, int rows, int failedRows);

    [LoggerMessage(4103, LogLevel.Information, "Shard {Shard} of job {JobId} is handed back.")]
    public static partial void ShardHandedBack(ILogger logger, int shard, string jobId);

    [LoggerMessage(4104, LogLevel.Warning, "Shard {Shard} of job {JobId} failed in attempt {Attempt}: {Error}")]
    public static partial void ShardFailed(ILogger logger, int shard, string jobId, int attempt, string error);

    [LoggerMessage(4105, LogLevel.Warning, "The model failed on {Uri} and is asked again: {Error}")]
    public static partial void InferenceFailed(ILogger logger, string uri, string error);

    [LoggerMessage(4107, LogLevel.Warning, "The store is in trouble at {Uri}, waiting {Seconds} s: {Error}")]
    public static partial void StoreInTrouble(ILogger logger, string uri, double seconds, string error);

    [LoggerMessage(4108, LogLevel.Warning, "The small pictures of shard {Shard} of job {JobId} are not written, and its page does without: {Error}")]
    public static partial void NoPictures(ILogger logger, int shard, string jobId, string error);

    [LoggerMessage(4106, LogLevel.Warning, "Attempt {Attempt} of shard {Shard} of job {JobId} was taken for dead: another attempt has the shard, and this one stops without a commit.")]
    public static partial void ShardLost(ILogger logger, int shard, string jobId, int attempt);
}
