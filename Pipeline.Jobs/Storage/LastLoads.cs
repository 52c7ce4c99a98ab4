using System.Collections.Concurrent;

namespace Pipeline.Jobs.Storage;

/// <summary>Keeps the last few things that were loaded: who asks for one that is being loaded waits for it, and what failed is loaded again by whoever asks next.</summary>
/// <param name="kept">How many are kept.</param>
public sealed class LastLoads<TKey, TValue>(int kept)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TValue>>> loads = [];
    private readonly ConcurrentQueue<TKey> order = [];

    /// <param name="key">Names the thing.</param>
    /// <param name="load">Loads it, for all who ask: the caller who asks first may be cancelled, and the others not.</param>
    public Task<TValue> GetAsync(TKey key, Func<Task<TValue>> load)
    {
        var made = new Lazy<Task<TValue>>(load);
        var found = loads.GetOrAdd(key, made);
        if (found == made)
        {
            order.Enqueue(key);
            if (order.Count > kept && order.TryDequeue(out var oldest))
            {
                loads.TryRemove(oldest, out _);
            }
        }

        if (found.Value.IsFaulted)
        {
            loads.TryRemove(new(key, found));
        }

        return found.Value;
    }
}
