using Pipeline.Worker.Shards;

namespace Pipeline.Worker.Tests.Shards;

public sealed class OrderedStageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_keep_the_order_of_the_items_whichever_is_ready_first()
    {
        var ready = Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource<int>()).ToArray();
        var results = Enumerable.Range(0, 4).ToAsyncEnumerable().SelectAheadAsync(3, (i, _) => ready[i].Task, Token).ToListAsync(Token);

        foreach (var i in (int[])[3, 1, 2, 0])
        {
            ready[i].SetResult(10 * i);
        }

        Assert.Equal([0, 10, 20, 30], await results);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task At_most_those_ahead_and_the_awaited_one_are_started(int ahead)
    {
        var started = 0;
        var go = new TaskCompletionSource();
        var results = Enumerable.Range(0, 50).ToAsyncEnumerable().SelectAheadAsync(
            ahead,
            async (i, cancellationToken) =>
            {
                Interlocked.Increment(ref started);
                await go.Task.WaitAsync(cancellationToken);
                return i;
            },
            Token).ToListAsync(Token);

        await Eventually.TrueAsync(() => Volatile.Read(ref started) == ahead + 1);
        for (var i = 0; i < 1_000; i++)
        {
            await Task.Yield();
        }

        Assert.Equal(ahead + 1, Volatile.Read(ref started));
        go.SetResult();
        Assert.Equal(50, (await results).Count);
    }

    [Fact]
    public async Task An_error_ends_all_that_is_under_way_before_it_is_thrown()
    {
        var cancelled = 0;
        var othersAreIn = new TaskCompletionSource();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await Enumerable.Range(0, 10).ToAsyncEnumerable().SelectAheadAsync(
                3,
                async (i, cancellationToken) =>
                {
                    if (i == 0)
                    {
                        await othersAreIn.Task;
                        throw new InvalidOperationException("of item 0");
                    }

                    if (i == 3)
                    {
                        othersAreIn.SetResult();
                    }

                    try
                    {
                        await Task.Delay(Timeout.Infinite, cancellationToken);
                    }
                    catch (OperationCanceledException)
                    {
                        await Task.Yield();
                        Interlocked.Increment(ref cancelled);
                        throw;
                    }

                    return i;
                },
                Token).ToListAsync(Token));

        Assert.Equal("of item 0", error.Message);
        Assert.Equal(3, cancelled);
    }

    [Fact]
    public async Task An_error_of_the_source_comes_behind_the_items_before_it()
    {
        var seen = new List<int>();
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var item in Source().SelectAheadAsync(2, (i, _) => Task.FromResult(i), Token))
            {
                seen.Add(item);
            }
        });

        Assert.Equal([0, 1], seen);

        static async IAsyncEnumerable<int> Source()
        {
            yield return 0;
            await Task.Yield();
            yield return 1;
            throw new InvalidOperationException("of the source");
        }
    }

    [Fact]
    public async Task A_caller_that_stops_early_leaves_nothing_running()
    {
        var running = 0;
        await foreach (var _ in Enumerable.Range(0, 100).ToAsyncEnumerable().SelectAheadAsync(
            3,
            async (i, cancellationToken) =>
            {
                Interlocked.Increment(ref running);
                try
                {
                    await Task.Delay(i == 0 ? 0 : Timeout.Infinite, cancellationToken);
                    return i;
                }
                finally
                {
                    Interlocked.Decrement(ref running);
                }
            },
            Token))
        {
            break;
        }

        Assert.Equal(0, running);
    }
}
