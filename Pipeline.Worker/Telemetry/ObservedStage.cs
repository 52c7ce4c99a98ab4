using System.Diagnostics;
using System.Runtime.CompilerServices;
using Pipeline.Worker.Shards;

namespace Pipeline.Worker.Telemetry;

/// <summary>A stage whose times are told: a span from its first image to its last, the time of each image, and how long the next stage waited for it.</summary>
/// <param name="name">"read", "decode", "answer".</param>
/// <param name="shard">The trace that its span belongs to.</param>
internal sealed class ObservedStage(string name, ActivityContext shard)
{
    public async IAsyncEnumerable<ImageWork> RunAsync(
        IAsyncEnumerable<ImageWork> source,
        int ahead,
        Func<ImageWork, CancellationToken, Task<ImageWork>> work,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var outer = Activity.Current;
        using var span = ShardTrace.BeginStage(name, shard);

        // What works ahead in here belongs to the shard, and not to the stage that happened to start it.
        Activity.Current = outer;
        var (images, failed, stall) = (0, 0, TimeSpan.Zero);
        await using var results = source.SelectAheadAsync(ahead, (item, token) => TimeAsync(work, item, token), cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (true)
            {
                var start = Stopwatch.GetTimestamp();
                var more = await results.MoveNextAsync();
                var waited = Stopwatch.GetElapsedTime(start);
                WorkerMeter.Stalled(name, waited);
                stall += waited;
                if (!more)
                {
                    break;
                }

                images++;
                failed += results.Current.Failure is null ? 0 : 1;
                yield return results.Current;
            }
        }
        finally
        {
            // Whoever knows how many images there are does not ask for one more.
            span?.SetTag("pipeline.images", images).SetTag("pipeline.images.failed", failed).SetTag("pipeline.stall", stall.TotalSeconds);
        }
    }

    private async Task<ImageWork> TimeAsync(Func<ImageWork, CancellationToken, Task<ImageWork>> work, ImageWork item, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var done = await work(item, cancellationToken);
        WorkerMeter.StageEnded(name, Stopwatch.GetElapsedTime(start));
        return done;
    }
}
