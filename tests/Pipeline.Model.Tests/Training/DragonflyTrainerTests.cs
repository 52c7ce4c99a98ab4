using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Model.Native;
using Pipeline.Model.Tokenization;
using Pipeline.Model.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Training;

public sealed class DragonflyTrainerTests
{
    private static readonly TrainingTurn[] s_turns = [new([480, 20, 30], [40, 50, 60]), new([480, 21], [41]), new([480, 22, 23, 24], [42, 43])];

    public DragonflyTrainerTests() => TorchRuntime.EnsureLoaded();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Turns_packed_behind_an_image_have_the_log_probabilities_they_have_one_by_one(int version)
    {
        using var small = new Small(version);
        ImageCrops[] crops = [small.Crops(seed: 1), small.Crops(seed: 2)];
        using IDisposable inference = no_grad();
        using DisposeScope scope = NewDisposeScope();

        ImageResult batch = small.Trainer.Images([small.Image(crops[0], s_turns), small.Image(crops[1], s_turns[..1])]);

        using KvCache cache = small.Model.CreateCache();
        var session = new ImageSession(small.Model, small.Special, cache);
        double expected = 0;
        foreach (var (image, turns) in crops.Zip<ImageCrops, TrainingTurn[]>([s_turns, s_turns[..1]]))
        {
            session.Start(image);
            expected += turns.Sum(turn => session.Score(turn.Prompt, [turn.Answer], CancellationToken.None)[0] / Math.Sqrt(turn.Answer.Count + 1));
        }

        double weights = s_turns.Append(s_turns[0]).Sum(turn => Math.Sqrt(turn.Answer.Count + 1));
        Assert.Equal(-expected / weights, batch.TokenLoss, 1e-4);
        Assert.Equal(4, batch.Turns.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Gradients_are_what_a_small_step_along_them_shows(int version)
    {
        using var small = new Small(version);
        TrainingImage image = small.Image(small.Crops(seed: 3), s_turns) with { Selection = version == 1 ? [2, -1, 0, 5] : [] };
        using DisposeScope scope = NewDisposeScope();
        small.Trainer.Images([image]).Loss.backward();

        Assert.All(small.Weights.Leaves, leaf =>
        {
            using DisposeScope inner = NewDisposeScope();
            Tensor gradient = leaf.Value.grad!;
            double norm = gradient.norm().item<float>(), step = 1e-3 / Math.Max(norm, 1e-2);
            double above = Loss(small, image, leaf.Value, gradient, step), below = Loss(small, image, leaf.Value, gradient, -step);
            Assert.Equal(norm * norm, (above - below) / (2 * step), (0.02 * norm * norm) + (2e-6 / step));
        });
    }

    [Fact]
    public void Hidden_crops_leave_gaps_and_change_nothing_before_them()
    {
        using var small = new Small(2);
        TrainingImage all = small.Image(small.Crops(seed: 4), s_turns);
        int crop = all.Pixels.Length / small.Config.Crops;
        using IDisposable inference = no_grad();
        using DisposeScope scope = NewDisposeScope();

        ImageResult some = small.Trainer.Images([all with { Crops = [0, 1, 7], Pixels = [.. all.Pixels[..(2 * crop)], .. all.Pixels[(7 * crop)..(8 * crop)]] }]);
        ImageResult other = small.Trainer.Images([all with { Crops = [0, 1, 8], Pixels = [.. all.Pixels[..(2 * crop)], .. all.Pixels[(7 * crop)..(8 * crop)]] }]);

        Assert.NotEqual(some.TokenLoss, other.TokenLoss); // the same pixels at another position
    }

    private static double Loss(Small small, TrainingImage image, Tensor leaf, Tensor direction, double step)
    {
        using IDisposable plain = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor before = leaf.clone();
        leaf.add_(direction, step);
        double loss = small.Trainer.Images([image]).Loss.item<float>();
        leaf.copy_(before);
        return loss;
    }

    /// <summary>A very small model that is trained.</summary>
    private sealed class Small : IDisposable
    {
        private readonly SmallCheckpoint _checkpoint;

        public Small(int version)
        {
            _checkpoint = new SmallCheckpoint(version);
            Config = CheckpointFolder.ReadConfig(_checkpoint.Folder);
            Weights = TrainableWeights.Load(_checkpoint.Folder, Config);
            Model = new DragonflyModel(Weights, Config, Config.ImagePositions + 32, ScalarType.Float32, CPU);
            Special = SpecialTokens.Of(DragonflyTokenizer.Load(_checkpoint.Folder));
            Trainer = new DragonflyTrainer(Model, Special.Newline);
        }

        public DragonflyConfig Config { get; }

        public TrainableWeights Weights { get; }

        public DragonflyModel Model { get; }

        public SpecialTokens Special { get; }

        public DragonflyTrainer Trainer { get; }

        public ImageCrops Crops(int seed)
        {
            byte[] rgb = new byte[48 * 40 * 3];
            new Random(seed).NextBytes(rgb);
            return new ImageProcessor(Config.Version, Config.Vision.ImageSize).Process(rgb, new ImageFacts(48, 40, "png"));
        }

        public TrainingImage Image(ImageCrops crops, TrainingTurn[] turns) => new()
        {
            Pixels = crops.Pixels,
            Crops = [.. Enumerable.Range(0, Config.Crops)],
            Labels = new CropLabels([], [], [], []),
            Turns = PackedTurns.Of(turns, Config.ImagePositions, Special.EndOfTurn),
            Topics = [.. turns.Select((_, number) => $"{number}")],
        };

        public void Dispose()
        {
            Model.Dispose();
            _checkpoint.Dispose();
        }
    }
}
