namespace Pipeline.Model.Caching;

/// <summary>Which parts of the KV cache are taken: image slots, or blocks of text positions. Bookkeeping without a tensor; not thread-safe.</summary>
/// <param name="what">Name of a part in messages: "slot" or "block".</param>
/// <param name="size">Parts, numbered from 0.</param>
internal sealed class KvPool(string what, int size)
{
    private readonly Stack<int> _free = new(Enumerable.Range(0, size).Reverse());
    private readonly bool[] _taken = new bool[size];

    public int Size => size;

    public int Free => _free.Count;

    /// <summary>Takes as many parts, or none where fewer are free.</summary>
    /// <param name="count">At least 0.</param>
    /// <param name="parts">What was taken, in no particular order.</param>
    public bool TryAllocate(int count, out int[] parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > _free.Count)
        {
            parts = [];
            return false;
        }

        parts = new int[count];
        for (int i = 0; i < count; i++)
        {
            parts[i] = _free.Pop();
            _taken[parts[i]] = true;
        }

        return true;
    }

    /// <exception cref="InvalidOperationException">One is not of this pool, free already, or named twice. Those before it are freed.</exception>
    public void Release(params IReadOnlyList<int> parts)
    {
        foreach (int part in parts)
        {
            if (part < 0 || part >= size || !_taken[part])
            {
                throw new InvalidOperationException($"The {what} {part} of {size} is given back without being taken.");
            }

            _taken[part] = false;
            _free.Push(part);
        }
    }

    /// <summary>Every part is either free or held, and held by one alone.</summary>
    /// <param name="held">Parts of all holders together.</param>
    /// <exception cref="InvalidOperationException">It is not so.</exception>
    public void CheckIntegrity(IEnumerable<int> held)
    {
        int[] taken = [.. held.Order()];
        if (!taken.Concat(_free).Order().SequenceEqual(Enumerable.Range(0, size)) || !taken.All(part => _taken[part]))
        {
            throw new InvalidOperationException(
                $"{what}s {string.Join(", ", _free.Order())} are free and {string.Join(", ", taken)} held, which are not all {size} once each.");
        }
    }
}
