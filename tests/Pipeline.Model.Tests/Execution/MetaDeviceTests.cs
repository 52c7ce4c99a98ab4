using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Execution;
using Pipeline.Model.Execution.Language;
using Pipeline.Model.Execution.Vision;
using Pipeline.Model.Native;
using Pipeline.Model.Weights;
using Pipeline.TestServers;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Execution;

/// <summary>The published models at their full size, on a device that has shapes and no memory: what they would take of a card. (libtorch's fused attention has no kernel there, so that nothing is run.)</summary>
public sealed class MetaDeviceTests
{
    private static readonly Placement s_meta = Placement.Cpu with { Device = new Device(DeviceType.META), Type = ScalarType.BFloat16, UsesDeviceKernels = true };

    [Theory]
    [InlineData("dragonfly-8b-v1")]
    [InlineData("dragonfly-8b-v2")]
    public void Weights_and_cache_take_what_the_budget_says(string name)
    {
        DragonflyConfig config = Config(name);
        using DisposeScope scope = NewDisposeScope();
        using var weights = new ShapesAlone(config);
        var source = new WeightSource(weights, s_meta);
        using var vision = new VisionStage(source, config);
        using var language = new LanguageModel(source.Below(DragonflyParameters.Language), config.Language, 4_096);
        var budget = new KvBudget(config, s_meta.ElementSize, 64, 4_096);
        KvLayout layout = budget.Divide(40L << 30);
        using var kv = new KvTensors(layout, config.ImagePositions, config.Language, s_meta.Type, s_meta.Device);

        Assert.Equal(MemoryNeed.Of(config, s_meta, 8_192, config.Crops).Weights, weights.BytesRead);
        Assert.Equal(budget.Bytes(layout), kv.Layers.Sum(layer => Bytes(layer.ImageKeys) + Bytes(layer.ImageValues) + Bytes(layer.TextKeys) + Bytes(layer.TextValues)));
        Assert.InRange(weights.BytesRead, 15L << 30, 17L << 30);
    }

    [Theory]
    [InlineData(Quantization.Int8)]
    [InlineData(Quantization.Int4)]
    public void A_layers_narrow_weights_take_what_the_budget_says(Quantization quantization)
    {
        DragonflyConfig config = Config("dragonfly-8b-v2");
        using DisposeScope scope = NewDisposeScope();
        const string Name = $"{DragonflyParameters.Language}.model.layers.0.mlp.down_proj.weight";
        long[] shape = DragonflyParameters.Of(config)[Name];

        // Of one matrix: the budget of all tensors, with and without narrow numbers, differs by so many of them as there are.
        long saved = MemoryNeed.Of(config, s_meta, 8_192, 41).Weights - MemoryNeed.Of(config, s_meta with { Quantization = quantization }, 8_192, 41).Weights;
        long matrices = DragonflyParameters.Of(config).Where(tensor => tensor.Key.StartsWith($"{DragonflyParameters.Language}.model.layers.", StringComparison.Ordinal) && tensor.Value.Length == 2)
            .Sum(tensor => (2 * tensor.Value[0] * tensor.Value[1]) - Held(tensor.Value));

        Assert.Equal(2, shape.Length);
        Assert.Equal(matrices, saved);

        // Int8: a byte each and a float32 an output. Int4: half a byte, and two bfloat16 for 64 inputs.
        long Held(long[] of) => quantization is Quantization.Int8 ? (of[0] * of[1]) + (4 * of[0]) : (of[0] * of[1] / 2) + (of[0] * of[1] / 64 * 2 * 2);
    }

    private static DragonflyConfig Config(string name)
    {
        TorchRuntime.EnsureLoaded();
        return CheckpointFolder.ReadConfig(Path.Combine(Repository.Root, "benchmarks", "configs", name));
    }

    private static long Bytes(Tensor tensor) => tensor.numel() * tensor.element_size();

    /// <summary>Tensors of the right shapes without numbers in them.</summary>
    private sealed class ShapesAlone(DragonflyConfig config) : IWeights
    {
        private readonly SortedDictionary<string, long[]> _shapes = DragonflyParameters.Of(config);

        public long BytesRead { get; private set; }

        public bool Has(string name) => _shapes.ContainsKey(name);

        public Tensor Read(string name, ScalarType type, Device device)
        {
            Tensor made = empty(_shapes[name], type, device);
            BytesRead += Bytes(made);
            return made;
        }

        public Tensor ReadStacked(IReadOnlyList<string> names, ScalarType type, Device device) => cat([.. names.Select(name => Read(name, type, device))]);

        public void Dispose()
        {
            // Its tensors have no memory.
        }
    }
}
