using System.IO.Hashing;
using System.Runtime.InteropServices;
using Pipeline.Model.Configuration;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>Random weights of a config's shapes, made where they are to lie when they are read: for measuring models that are not at hand. Always the same ones on the same device.</summary>
/// <param name="config">Of the model.</param>
public sealed class RandomWeights(DragonflyConfig config) : IWeights
{
    private readonly SortedDictionary<string, long[]> _shapes = DragonflyParameters.Of(config);

    public bool Has(string name) => _shapes.ContainsKey(name);

    public Tensor Read(string name, ScalarType type, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(name.AsSpan())), device);
        return RandomCheckpoint.Initial(name, _shapes[name], generator, type, device).MoveToOuterDisposeScope();
    }

    public Tensor ReadStacked(IReadOnlyList<string> names, ScalarType type, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        return cat([.. names.Select(name => Read(name, type, device))]).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        // Holds no tensor.
    }
}
