using Polly;
using Polly.Retry;

namespace Pipeline.Jobs.Storage;

/// <summary>Repeats requests that failed for a passing cause: 5 more tries, 0.2 s to 5 s apart, doubling with jitter.</summary>
internal sealed class S3Retry
{
    private readonly ResiliencePipeline pipeline;

    public S3Retry(TimeProvider time) => pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 5,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromSeconds(5),
            ShouldHandle = static arguments => ValueTask.FromResult(
                arguments.Outcome.Exception is { } exception
                && S3Faults.IsFault(exception, arguments.Context.CancellationToken)
                && S3Faults.IsWorthAnotherTry(exception)),
        })
        .Build();

    /// <exception cref="ObjectStoreException">It failed for good, or still after the last try.</exception>
    public async Task<T> RunAsync<T>(string uri, Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.ExecuteAsync(async token => await request(token), cancellationToken);
        }
        catch (Exception exception) when (S3Faults.IsFault(exception, cancellationToken))
        {
            throw S3Faults.Translate(uri, exception);
        }
    }
}
