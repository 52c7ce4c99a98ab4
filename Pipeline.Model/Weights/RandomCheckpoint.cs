using Pipeline.Model.Configuration;
using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>Fills a folder of configs with random weights: an untrained model for trials, tests and benchmarks.</summary>
public static class RandomCheckpoint
{
    /// <summary>Writes <c>model.safetensors</c> beside the configs.</summary>
    /// <param name="folder">Holds config.json and the CLIP config.</param>
    /// <param name="seed">The same seed gives the same weights with the same libtorch.</param>
    /// <param name="type">F32 or BF16.</param>
    public static void Write(string folder, long seed, ScalarType type)
    {
        TorchRuntime.EnsureLoaded();
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var shapes = DragonflyParameters.Of(CheckpointFolder.ReadConfig(folder));
        SafetensorsWriter.Write(
            Path.Combine(folder, "model.safetensors"),
            shapes.ToDictionary(pair => pair.Key, pair => Initial(pair.Key, pair.Value, generator, ScalarType.Float32, CPU).to(type)));
    }

    /// <summary>Norms start neutral, biases at zero, and products keep the variance of what they multiply.</summary>
    internal static Tensor Initial(string name, long[] shape, Generator generator, ScalarType type, Device device)
    {
        if (name.EndsWith(".bias", StringComparison.Ordinal))
        {
            return zeros(shape, type, device);
        }

        if (name.Contains("norm", StringComparison.Ordinal) || name.Contains("layrnorm", StringComparison.Ordinal))
        {
            return ones(shape, type, device);
        }

        bool embedding = name.Contains("embed_tokens.weight", StringComparison.Ordinal) && !name.StartsWith(DragonflyParameters.Projection, StringComparison.Ordinal)
            || name.Contains("position_embedding", StringComparison.Ordinal)
            || name.Contains("class_embedding", StringComparison.Ordinal);
        double deviation = embedding ? 1 : Math.Pow(shape.Skip(1).Aggregate(1.0, (product, size) => product * size), -0.5);
        return randn(shape, type, device, generator: generator).mul_(deviation);
    }
}
