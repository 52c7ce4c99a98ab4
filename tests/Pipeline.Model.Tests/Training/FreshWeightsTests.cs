using Pipeline.Model.Configuration;
using Pipeline.Model.Native;
using Pipeline.Model.Training;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Training;

public sealed class FreshWeightsTests
{
    private static readonly DragonflyConfig s_config = CheckpointFolder.ReadConfig(TinyCheckpoint.Shipped);

    public FreshWeightsTests() => TorchRuntime.EnsureLoaded();

    [Fact]
    public void The_same_seed_gives_the_same_weights_of_the_configs_shapes()
    {
        using DisposeScope scope = NewDisposeScope();
        using TrainableWeights first = FreshWeights.Create(s_config, new Dictionary<string, long[]>(), seed: 3);
        using TrainableWeights again = FreshWeights.Create(s_config, new Dictionary<string, long[]>(), seed: 3);

        Assert.All(DragonflyParameters.Of(s_config), parameter =>
        {
            Assert.Equal(parameter.Value, first.Value(parameter.Key).shape);
            Assert.Equal(0, (first.Value(parameter.Key) - again.Value(parameter.Key)).abs().sum().item<float>());
        });
    }

    [Fact]
    public void Patches_that_are_neighbours_have_the_positions_most_alike()
    {
        using DisposeScope scope = NewDisposeScope();
        using TrainableWeights weights = FreshWeights.Create(s_config, new Dictionary<string, long[]>(), seed: 3);
        int grid = s_config.Vision.Grid, middle = 1 + (grid * (grid / 2)) + (grid / 2);

        Tensor positions = weights.Value("image_encoder.vision_model.embeddings.position_embedding.weight");
        long[] alike = (positions - positions[middle]).square().sum(1).argsort().data<long>().ToArray();

        Assert.Equal([middle - grid, middle - 1, middle + 1, middle + grid], alike[1..5].Order());
    }
}
