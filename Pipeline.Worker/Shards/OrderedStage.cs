using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Pipeline.Worker.Shards;

/// <summary>One stage of a shard's pipeline: works on several items at once and hands the results on in the items' order.</summary>
internal static class OrderedStage
{
    /// <summary>
    /// Starts <paramref name="work"/> on items as they come, at most <paramref name="ahead"/> of them (at least 1) beyond the one that the next
    /// stage waits for. A full stage takes nothing from the stage before it: that is what bounds the memory of the whole pipeline.
    /// </summary>
    /// <remarks>At the first error, and when the caller stops, everything under way is cancelled and has ended before this ends.</remarks>
    public static async IAsyncEnumerable<TOut> SelectAheadAsync<TIn, TOut>(
        this IAsyncEnumerable<TIn> source,
        int ahead,
        Func<TIn, CancellationToken, Task<TOut>> work,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = Channel.CreateBounded<Task<TOut>>(new BoundedChannelOptions(ahead) { SingleReader = true, SingleWriter = true });
        var feeding = FeedAsync(source, started.Writer, work, stop.Token);
        try
        {
            await foreach (var result in started.Reader.ReadAllAsync(cancellationToken))
            {
                yield return await result;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await feeding;
            while (started.Reader.TryRead(out var abandoned))
            {
                await Task.WhenAny(abandoned);
                _ = abandoned.Exception;
            }
        }
    }

    /// <summary>Never throws: what goes wrong is what the reader of the channel sees.</summary>
    private static async Task FeedAsync<TIn, TOut>(
        IAsyncEnumerable<TIn> source, ChannelWriter<Task<TOut>> started, Func<TIn, CancellationToken, Task<TOut>> work, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in source.WithCancellation(cancellationToken))
            {
                // Room first, work then: an item that is started has its place.
                await started.WaitToWriteAsync(cancellationToken);
                started.TryWrite(work(item, cancellationToken));
            }

            started.Complete();
        }
        catch (Exception e)
        {
            started.Complete(e);
        }
    }
}
