using Pipeline.Jobs.Telemetry;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Pipeline.Jobs.Storage;

/// <summary>
/// Repeats requests that failed for a passing cause: 5 more tries, 0.2 s to 5 s apart, doubling with jitter. Once nearly all requests of a
/// process fail, none is sent for a while: an outage is found out once, and not by every request and its tries anew.
/// </summary>
internal sealed class S3Retry
{
    private readonly TimeProvider time;
    private readonly ResiliencePipeline pipeline;

    public S3Retry(TimeProvider time) => (this.time, pipeline) = (time, new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 5,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromSeconds(5),
            ShouldHandle = static arguments => Handles(arguments.Outcome, arguments.Context, S3Faults.IsWorthAnotherTry),
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.9,

            // More than the tries of one object that alone is unreadable, so that it does not look like an outage.
            MinimumThroughput = 20,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = TimeSpan.FromSeconds(5),
            ShouldHandle = static arguments => Handles(arguments.Outcome, arguments.Context, S3Faults.IsSignOfOutage),
        })
        .Build());

    /// <exception cref="ObjectStoreException">It failed for good, or still after the last try, or was not sent for an outage.</exception>
    public async Task<T> RunAsync<T>(string uri, Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.ExecuteAsync(async token => await TryOnceAsync(request, token), cancellationToken);
        }
        catch (Exception exception) when (S3Faults.IsFault(exception, cancellationToken))
        {
            throw S3Faults.Translate(uri, exception);
        }
    }

    private async Task<T> TryOnceAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        try
        {
            var response = await request(cancellationToken);
            StoreMeter.Ended(null, time.GetElapsedTime(start));
            return response;
        }
        catch (Exception exception) when (S3Faults.IsFault(exception, cancellationToken))
        {
            StoreMeter.Ended(S3Faults.Classify(exception), time.GetElapsedTime(start));
            throw;
        }
    }

    private static ValueTask<bool> Handles(Outcome<object> outcome, ResilienceContext context, Func<Exception, bool> concerns) => ValueTask.FromResult(
        outcome.Exception is { } exception && S3Faults.IsFault(exception, context.CancellationToken) && concerns(exception));
}
