using Pipeline.Model.Configuration;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Caching;

/// <summary>Keys and values of one sequence, or of a batch of equal length, preallocated for the longest there may be.</summary>
/// <remarks>
/// The image's positions come first and are the same for every question on it: a new question truncates the cache to them
/// and goes on from there.
/// </remarks>
internal sealed class KvCache : IDisposable
{
    private readonly Tensor _keys;
    private readonly Tensor _values;

    /// <param name="config">Layers, heads and width.</param>
    /// <param name="capacity">Most positions.</param>
    /// <param name="type">Element type.</param>
    /// <param name="device">Where the model runs.</param>
    /// <param name="batch">Sequences.</param>
    public KvCache(LlamaConfig config, int capacity, ScalarType type, Device device, int batch = 1)
    {
        long[] shape = [config.NumHiddenLayers, batch, config.NumKeyValueHeads, capacity, config.HeadDim];
        _keys = zeros(shape, type, device).DetachFromDisposeScope();
        _values = zeros(shape, type, device).DetachFromDisposeScope();
        Capacity = capacity;
    }

    public int Capacity { get; }

    /// <summary>Positions written by all layers.</summary>
    public int Length { get; private set; }

    /// <summary>Writes one layer's new positions behind the present length; <see cref="Advance"/> counts them once all layers have.</summary>
    /// <param name="layer">0-based.</param>
    /// <param name="keys"><c>[batch, kv heads, tokens, head]</c>, after rotary embedding</param>
    /// <param name="values"><c>[batch, kv heads, tokens, head]</c></param>
    /// <returns>Views of all keys and values so far, <c>[batch, kv heads, length + tokens, head]</c>; the caller disposes them.</returns>
    /// <exception cref="InvalidOperationException">More than <see cref="Capacity"/> positions.</exception>
    public (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        long tokens = keys.size(2);
        if (Length + tokens > Capacity)
        {
            throw new InvalidOperationException($"{Length} + {tokens} positions exceed the KV cache's {Capacity}.");
        }

        return (Write(_keys, layer, keys, tokens), Write(_values, layer, values, tokens));
    }

    /// <summary>Views of one layer's keys and values, <c>[batch, kv heads, length, head]</c>; the caller disposes them.</summary>
    public (Tensor Keys, Tensor Values) Read(int layer) => (View(_keys, layer, Length), View(_values, layer, Length));

    /// <summary>Counts positions that every layer has appended.</summary>
    public void Advance(int tokens) => Length += tokens;

    /// <summary>Forgets everything behind the first <paramref name="length"/> positions.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    private static Tensor View(Tensor cache, int layer, long length)
    {
        using Tensor all = cache[layer];
        return all.narrow(2, 0, length);
    }

    private Tensor Write(Tensor cache, int layer, Tensor fresh, long tokens)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor all = cache[layer]; // [batch, kv heads, capacity, head]
        all.narrow(2, Length, tokens).copy_(fresh);
        return all.narrow(2, 0, Length + tokens).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _keys.Dispose();
        _values.Dispose();
    }
}
