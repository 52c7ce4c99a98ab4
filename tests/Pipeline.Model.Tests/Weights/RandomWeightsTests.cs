using Pipeline.Model.Configuration;
using Pipeline.Model.Native;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Weights;

public sealed class RandomWeightsTests
{
    private const string Name = "language_model.model.layers.0.mlp.up_proj.weight";

    [Fact]
    public void They_are_the_same_each_time_and_others_for_each_name()
    {
        TorchRuntime.EnsureLoaded();
        DragonflyConfig config = CheckpointFolder.ReadConfig(TinyCheckpoint.Shipped);
        using DisposeScope scope = NewDisposeScope();
        using RandomWeights first = new(config), second = new(config);
        string other = Name.Replace("up_proj", "gate_proj", StringComparison.Ordinal);

        Assert.True(Same(first.Read(Name, ScalarType.Float32, CPU), second.Read(Name, ScalarType.Float32, CPU)));
        Assert.False(Same(first.Read(Name, ScalarType.Float32, CPU), first.Read(other, ScalarType.Float32, CPU)));
        Assert.Equal(first.Read(Name, ScalarType.BFloat16, CPU).shape[0] * 2, first.ReadStacked([Name, other], ScalarType.BFloat16, CPU).shape[0]);
        Assert.False(first.Has("no.such.weight"));
    }

    private static bool Same(Tensor a, Tensor b) => a.eq(b).all().item<bool>();
}
